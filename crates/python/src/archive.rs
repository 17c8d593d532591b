//! The archive in which a module in Python travels: a program of its own (`python3 ARCHIVE`), with all it needs.

use crate::closure::{Missing, Places, closure};
use crate::library::Library;
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use zip::write::SimpleFileOptions;

/// What the archive starts with: reads the invocation and runs the module.
const START: &str = include_str!("start.py");

/// What an interpreter runs that is kept between modules.
const BASE: &str = include_str!("base.py");

/// A module in Python.
#[derive(Clone, Debug)]
pub struct PythonModule {
    /// Its name in Python: `ansible.modules.ping`, `ansible_collections.community.general.plugins.modules.ini_file`.
    pub name: String,
    /// Its file.
    pub path: PathBuf,
    /// Its content.
    pub source: Vec<u8>,
}

impl PythonModule {
    /// The name in Python of a module by its full name: `community.general.ini_file`, `ping`.
    pub fn python_name(full: &str) -> String {
        let full =
            full.strip_prefix("ansible.builtin.").or_else(|| full.strip_prefix("ansible.legacy.")).unwrap_or(full);
        match full.splitn(3, '.').collect::<Vec<_>>()[..] {
            [namespace, collection, name] => {
                format!("ansible_collections.{namespace}.{collection}.plugins.modules.{name}")
            }
            _ => format!("ansible.modules.{full}"),
        }
    }
}

/// A packed module, or what modules share.
#[derive(Clone, Debug)]
pub struct Archive {
    /// The hashes of the files in it.
    contents: BTreeMap<String, [u8; 32]>,
    /// A zip archive.
    pub bytes: Vec<u8>,
    /// The hash of its content, in hexadecimal digits: the same module is the same archive.
    pub hash: String,
    /// The SHA-1 of its bytes, by which hosts keep it.
    pub sha1: [u8; 20],
}

/// Packs a module with everything it imports.
///
/// # Errors
/// When something that it imports is nowhere.
pub fn pack(module: &PythonModule, places: &Places) -> Result<Archive, Missing> {
    let mut files = closure(&module.name, &module.source, places)?;
    files.insert("__main__.py".into(), START.replace("@NAME@", &module.name).into_bytes());
    files.insert("ansible/__init__.py".into(), release(places));
    let own = module.name.replace('.', "/");
    let mut package = own.as_str();
    while let Some((parent, _)) = package.rsplit_once('/') {
        files.entry(format!("{parent}/__init__.py")).or_default();
        package = parent;
    }
    if files.keys().any(|name| name.starts_with("ansible_collections/")) {
        let packages: Vec<String> =
            files.keys().filter(|name| name.starts_with("ansible_collections/")).cloned().collect();
        for name in packages {
            let mut inner = name.as_str();
            while let Some((parent, _)) = inner.rsplit_once('/') {
                files.entry(format!("{parent}/__init__.py")).or_default();
                inner = parent;
            }
        }
    }
    files.insert(format!("{own}.py"), module.source.clone());
    zipped(&files).map_err(|error| Missing::Unreadable { path: module.path.clone(), reason: error.to_string() })
}

/// Packs what an interpreter keeps loaded between runs of modules: the part of an installed ansible-core that starts
/// them. It is a program that serves runs on its standard input; `base.py` says how.
///
/// # Errors
/// When ansible-core is not whole.
pub fn pack_base(library: &Library) -> Result<Archive, Missing> {
    let places = Places { library: library.clone(), own: Vec::new(), collections: Vec::new() };
    let mut files = closure("ansible.modules.base", b"", &places)?;
    files.insert("__main__.py".into(), BASE.as_bytes().to_vec());
    files.insert("ansible/__init__.py".into(), release(&places));
    zipped(&files).map_err(|error| Missing::Unreadable { path: library.root.clone(), reason: error.to_string() })
}

fn release(places: &Places) -> Vec<u8> {
    let version = &places.library.version;
    format!("__version__ = '{version}'\n__author__ = 'Ansible, Inc.'\n").into_bytes()
}

impl Archive {
    /// True when nothing in this archive differs from what `base` keeps loaded under the same name.
    pub fn fits(&self, base: &Self) -> bool {
        let shared = self.contents.iter().filter(|(name, _)| *name != "__main__.py");
        shared.into_iter().all(|(name, hash)| base.contents.get(name).is_none_or(|other| other == hash))
    }
}

fn zipped(files: &BTreeMap<String, Vec<u8>>) -> Result<Archive, zip::result::ZipError> {
    let mut hash = Sha256::new();
    let contents = files.iter().map(|(name, content)| (name.clone(), Sha256::digest(content).into())).collect();
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // The time of an entry is the oldest there is, so that the same files are the same bytes.
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in files {
        hash.update((name.len() as u64).to_le_bytes());
        hash.update(name);
        hash.update((content.len() as u64).to_le_bytes());
        hash.update(content);
        writer.start_file(name.as_str(), options)?;
        writer.write_all(content)?;
    }
    let bytes = writer.finish()?.into_inner();
    let digest: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    let sha1 = Sha1::digest(&bytes).into();
    Ok(Archive { contents, bytes, hash: digest, sha1 })
}
