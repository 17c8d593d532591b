//! Builds the worker and puts it into the controller.
//!
//! The worker is a static program with a profile and a target directory of its own, made from the same package
//! without the controller's dependencies. `src/workers.rs` includes the table that is written here.
//!
//! Without further wishes a worker is built for the machine the controller is built for, with musl where its standard
//! library is installed (half the size). Builds with the profile `worker` add the other machines whose musl library is
//! installed.
//!
//! Environment variables:
//! - `CHURTEN_WORKERS`: a directory of ready workers, one file for each machine (`x86_64`, `aarch64`), instead of
//!   building one;
//! - `CHURTEN_WORKER_TARGETS`: the Rust targets to build workers for, separated by commas;
//! - `CHURTEN_WORKER_PROFILE`: the cargo profile to build with; `worker` for optimised builds, `worker-quick` for
//!   others when absent;
//! - `CC_<target>`, `TARGET_CC`: the C compiler for a worker's target. TLS needs one (docs/decisions/0005); where
//!   none is found, the worker is built without, and a warning says so.

#[cfg(not(feature = "controller"))]
fn main() {
    // This is the inner build, of the worker itself.
    println!("cargo::rerun-if-changed=build.rs");
}

#[cfg(feature = "controller")]
fn main() -> std::process::ExitCode {
    match controller::embed() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            println!("cargo::error={}", message.replace('\n', " "));
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(feature = "controller")]
mod controller {
    use flate2::{Compression, write::GzEncoder};
    use lzma_rust2::{CheckType, FilterType, XzOptions, XzWriter};
    use sha2::{Digest, Sha256};
    use std::ffi::OsString;
    use std::fmt::Write as _;
    use std::io::Write as _;
    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::{env, fs};

    /// What the worker is made of.
    const SOURCES: [&str; 11] = [
        "build.rs",
        "Cargo.toml",
        "Cargo.lock",
        "src/bin/churten-worker.rs",
        "src/worker",
        "crates/value/src",
        "crates/protocol/src",
        "crates/module/src",
        "crates/module-macros/src",
        "crates/modules/src",
        "crates/worker/src",
    ];

    /// The targets that builds with the profile `worker` add where their standard library is installed.
    const MORE_TARGETS: [&str; 2] = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl"];

    type Result<T> = std::result::Result<T, String>;

    pub(super) fn embed() -> Result<()> {
        for source in SOURCES {
            println!("cargo::rerun-if-changed={source}");
        }
        for name in ["CHURTEN_WORKERS", "CHURTEN_WORKER_PROFILE", "CHURTEN_WORKER_TARGETS", "TARGET_CC"] {
            println!("cargo::rerun-if-env-changed={name}");
        }
        let (workers, profile) = match wish("CHURTEN_WORKERS") {
            Some(directory) => (ready(Path::new(&directory))?, "ready".to_owned()),
            None => build_all()?,
        };
        // For the test of the worker's size.
        println!("cargo::rustc-env=CHURTEN_EMBEDDED_PROFILE={profile}");
        write_table(&workers, profile != "worker-quick")
    }

    /// The workers of a directory: machine and file.
    fn ready(directory: &Path) -> Result<Vec<(String, PathBuf)>> {
        let explain = |error| format!("CHURTEN_WORKERS={}: {error}", directory.display());
        println!("cargo::rerun-if-changed={}", directory.display());
        let mut workers = Vec::new();
        for entry in fs::read_dir(directory).map_err(explain)? {
            let path = entry.map_err(explain)?.path();
            let machine = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            if path.is_file() && !machine.starts_with('.') {
                println!("cargo::rerun-if-changed={}", path.display());
                workers.push((machine, path));
            }
        }
        workers.sort();
        if workers.is_empty() {
            Err(format!("CHURTEN_WORKERS={}: no workers", directory.display()))
        } else {
            Ok(workers)
        }
    }

    /// Build the workers that are wished for: them, and the profile.
    fn build_all() -> Result<(Vec<(String, PathBuf)>, String)> {
        let optimised = variable("OPT_LEVEL")? != "0";
        let profile = wish("CHURTEN_WORKER_PROFILE");
        let profile = profile.unwrap_or_else(|| if optimised { "worker" } else { "worker-quick" }.to_owned());
        if let Some(targets) = wish("CHURTEN_WORKER_TARGETS") {
            let workers = targets.split(',').map(|target| build(target.trim(), &profile));
            return Ok((workers.collect::<Result<_>>()?, profile));
        }
        let libraries = libraries()?;
        let target = worker_target(&variable("TARGET")?, &libraries)?;
        let mut workers = vec![build(&target, &profile)?];
        let machine = |target: &str| target.split('-').next().unwrap_or_default().to_owned();
        for more in MORE_TARGETS.iter().filter(|more| profile == "worker" && machine(more) != machine(&target)) {
            if libraries.join(more).join("lib").is_dir() {
                match build(more, &profile) {
                    Ok(worker) => workers.push(worker),
                    Err(message) => println!("cargo::warning={}", message.replace('\n', " ")),
                }
            }
        }
        Ok((workers, profile))
    }

    /// Build the worker for a target: machine and file. With TLS where that can be compiled.
    fn build(target: &str, profile: &str) -> Result<(String, PathBuf)> {
        let reason = match c_compiler(target)? {
            Some(compiler) => match build_with(target, profile, "worker,tls", compiler) {
                Ok(worker) => return Ok(worker),
                Err(reason) => reason,
            },
            None => format!("no C compiler for {target} was found"),
        };
        let worker = build_with(target, profile, "worker", Vec::new())?;
        println!(
            "cargo::warning={reason}; the worker for {target} is built without TLS, and tasks with https addresses \
             fail there (on Debian, install gcc, or gcc-aarch64-linux-gnu)"
        );
        Ok(worker)
    }

    fn build_with(
        target: &str,
        profile: &str,
        features: &str,
        variables: Vec<(String, String)>,
    ) -> Result<(String, PathBuf)> {
        let directory = target_directory()?;
        let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.current_dir(variable("CARGO_MANIFEST_DIR")?);
        cargo.args(["build", "--quiet", "--package", "churten", "--bin", "churten-worker"]);
        cargo.args(["--no-default-features", "--features", features, "--profile", profile, "--target", target]);
        cargo.arg("--target-dir").arg(&directory);
        for (name, _) in env::vars_os() {
            if belongs_to_outer_build(&name) {
                cargo.env_remove(name);
            }
        }
        cargo.env("CARGO_ENCODED_RUSTFLAGS", rust_flags(target)?.join("\x1f")).envs(variables);
        let status = cargo.status().map_err(|error| format!("cargo could not be started: {error}"))?;
        if !status.success() {
            return Err(format!(
                "the worker could not be built for {target} ({features}, profile {profile}): {status}"
            ));
        }
        let machine = target.split('-').next().unwrap_or_default().to_owned();
        Ok((machine, directory.join(target).join(profile).join("churten-worker")))
    }

    /// How the worker is compiled and linked, beyond its profile.
    fn rust_flags(target: &str) -> Result<Vec<String>> {
        // Nothing of the host's is needed at run time, not even its libc.
        // Thousands of addresses that are corrected at the start take a hundredth of the space when they are packed.
        // Nothing is unwound.
        let mut flags = vec![
            "-Ctarget-feature=+crt-static".to_owned(),
            "-Cforce-unwind-tables=no".to_owned(),
            "-Clink-arg=-zpack-relative-relocs".to_owned(),
        ];
        // Only Rust's own linker knows the rest. It brings all that is needed to link for musl; for x86_64 it is what
        // the C compiler is told to use.
        let through_compiler = match target {
            "x86_64-unknown-linux-gnu" => "-Wl,",
            _ if target.ends_with("-musl") => "",
            _ => return Ok(flags),
        };
        if through_compiler.is_empty() {
            flags.extend(["-Clinker=rust-lld".to_owned(), "-Clink-self-contained=yes".to_owned()]);
        }
        let script = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("src/worker/link.ld");
        let options = [
            // Functions whose code is the same are there once.
            "--icf=all".to_owned(),
            "-O2".to_owned(),
            "--build-id=none".to_owned(),
            "--no-eh-frame-hdr".to_owned(),
            format!("--script={}", script.display()),
        ];
        flags.extend(options.iter().map(|option| format!("-Clink-arg={through_compiler}{option}")));
        Ok(flags)
    }

    /// A C compiler for a target, if there is one: that of the variables, then one made for musl, then any for the
    /// machine. The latter brings headers of glibc or none; the few lines of C of `ring` need none. What comes back are
    /// variables for the `cc` crate.
    fn c_compiler(target: &str) -> Result<Option<Vec<(String, String)>>> {
        let underscored = target.replace('-', "_");
        let own = format!("CC_{underscored}");
        println!("cargo::rerun-if-env-changed={own}");
        if [own.as_str(), "TARGET_CC"].iter().any(|name| wish(name).is_some()) {
            return Ok(Some(Vec::new()));
        }
        let machine = target.split('-').next().unwrap_or_default();
        let native = variable("HOST")?.starts_with(machine);
        let without_headers = "-ffreestanding -DRING_CORE_NOSTDLIBINC=1";
        let mut candidates =
            vec![(format!("{machine}-linux-musl-gcc"), ""), (format!("{machine}-linux-gnu-gcc"), without_headers)];
        if native {
            candidates.insert(1, ("musl-gcc".to_owned(), ""));
            candidates.extend(["cc", "gcc", "clang"].map(|name| (name.to_owned(), without_headers)));
        } else {
            // It is told its target by the crate that calls it.
            candidates.push(("clang".to_owned(), without_headers));
        }
        if !target.ends_with("-musl") {
            candidates.retain(|(name, _)| !name.contains("musl"));
        }
        Ok(candidates.into_iter().find(|(name, _)| is_program(name)).map(|(name, flags)| {
            let mut variables = vec![(own, name)];
            if !flags.is_empty() {
                variables.push((format!("CFLAGS_{underscored}"), flags.to_owned()));
            }
            variables
        }))
    }

    /// True for a name that is found in `PATH` and runs.
    fn is_program(name: &str) -> bool {
        Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success())
    }

    /// The musl sibling of a target where its standard library is installed: half the size, and faster to start.
    fn worker_target(target: &str, libraries: &Path) -> Result<String> {
        if !target.contains("-linux-") {
            return Err(format!(
                "workers are Linux programs; on {target}, name a directory of ready ones in CHURTEN_WORKERS"
            ));
        }
        let musl = target.replace("-linux-gnu", "-linux-musl");
        Ok(if libraries.join(&musl).join("lib").is_dir() { musl } else { target.to_owned() })
    }

    /// Where the compiler keeps its standard libraries, by target.
    fn libraries() -> Result<PathBuf> {
        let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let root = Command::new(rustc).args(["--print", "sysroot"]).output().map_err(|error| error.to_string())?;
        Ok(Path::new(String::from_utf8_lossy(&root.stdout).trim()).join("lib/rustlib"))
    }

    /// One directory for all profiles of the outer build, so that the worker is built once.
    fn target_directory() -> Result<PathBuf> {
        let out = PathBuf::from(variable("OUT_DIR")?);
        // TARGET_DIR/PROFILE/build/churten-HASH/out
        let target = out.ancestors().nth(4).ok_or("OUT_DIR is too short")?;
        Ok(target.join("worker-build"))
    }

    /// What cargo sets for this script and must not reach the cargo inside.
    fn belongs_to_outer_build(name: &OsString) -> bool {
        let Some(name) = name.to_str() else { return false };
        let exact = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTC_WORKSPACE_WRAPPER", "CARGO_TARGET_DIR", "TARGET"];
        let prefixes = [
            "CARGO_BUILD_",
            "CARGO_CFG_",
            "CARGO_FEATURE_",
            "CARGO_MANIFEST_",
            "CARGO_PKG_",
            "CARGO_PROFILE_",
            "CARGO_TARGET_",
        ];
        exact.contains(&name) || prefixes.iter().any(|prefix| name.starts_with(prefix))
    }

    fn write_table(workers: &[(String, PathBuf)], small: bool) -> Result<()> {
        let out = PathBuf::from(variable("OUT_DIR")?);
        let mut table = "&[\n".to_owned();
        for (machine, path) in workers {
            let explain = |error| format!("{}: {error}", path.display());
            let program = fs::read(path).map_err(explain)?;
            let hash: [u8; 32] = Sha256::digest(&program).into();
            let (gzip, xz) = (out.join(format!("worker-{machine}.gz")), out.join(format!("worker-{machine}.xz")));
            fs::write(&gzip, pack_gzip(&program, small).map_err(explain)?).map_err(explain)?;
            fs::write(&xz, pack_xz(&program, machine, small).map_err(explain)?).map_err(explain)?;
            writeln!(
                table,
                "WorkerProgram {{ architecture: {machine:?}, sha256: {hash:?}, size: {}, gzip: include_bytes!({gzip:?}), \
                 xz: include_bytes!({xz:?}) }},",
                program.len()
            )
            .map_err(|error| error.to_string())?;
        }
        table.push(']');
        fs::write(out.join("workers.rs"), table).map_err(|error| error.to_string())
    }

    fn pack_gzip(program: &[u8], small: bool) -> std::io::Result<Vec<u8>> {
        let mut packer = GzEncoder::new(Vec::new(), if small { Compression::best() } else { Compression::fast() });
        packer.write_all(program)?;
        packer.finish()
    }

    /// Pack for `xz` of any age, which knows no filter for aarch64.
    fn pack_xz(program: &[u8], machine: &str, small: bool) -> std::io::Result<Vec<u8>> {
        let mut options = XzOptions::with_preset(if small { 9 } else { 0 });
        if small {
            // What `xz -9e` does.
            (options.lzma_options.nice_len, options.lzma_options.depth_limit) = (273, 512);
            // Code of x86 begins anywhere.
            (options.lzma_options.lc, options.lzma_options.pb) = (4, 0);
        }
        // A host needs as much memory for unpacking.
        options.lzma_options.dict_size = options.lzma_options.dict_size.min(8 << 20);
        options.set_check_sum_type(CheckType::Crc32);
        if machine == "x86_64" {
            options.prepend_pre_filter(FilterType::BcjX86, 0);
        }
        let mut packer = XzWriter::new(Vec::new(), options)?;
        packer.write_all(program)?;
        packer.finish()
    }

    /// A variable the user may set; empty is not set.
    fn wish(name: &str) -> Option<String> {
        env::var(name).ok().filter(|value| !value.is_empty())
    }

    /// A variable cargo sets.
    fn variable(name: &str) -> Result<String> {
        env::var(name).map_err(|error| format!("{name}: {error}"))
    }
}
