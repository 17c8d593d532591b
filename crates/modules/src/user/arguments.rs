use churten_module::prelude::*;

/// Manage users on a host.
///
/// With `useradd`, `usermod`, `userdel` and `chage`. A password goes to `chpasswd` through its standard input, so that
/// no other user of the host sees it.
#[derive(Args)]
pub(crate) struct UserModule {
    /// Whether the account should be there.
    #[arg(default = "present")]
    pub(super) state: Presence,
    /// Name of the user.
    #[arg(alias("user"))]
    pub(super) name: String,
    /// Number of the user.
    pub(super) uid: Option<i64>,
    /// Let several users have the same number.
    #[arg(default = false)]
    pub(super) non_unique: bool,
    /// The primary group, by name.
    pub(super) group: Option<String>,
    /// Further groups. An empty list takes the user out of all but the primary one.
    pub(super) groups: Option<Vec<String>>,
    /// The comment field.
    pub(super) comment: Option<String>,
    /// The home directory.
    pub(super) home: Option<PathBuf>,
    /// The login shell.
    pub(super) shell: Option<PathBuf>,
    /// The hashed password.
    #[arg(no_log)]
    pub(super) password: Option<String>,
    /// FreeBSD's login class. Without effect on Linux.
    #[expect(dead_code, reason = "accepted, without effect on Linux")]
    login_class: Option<String>,
    /// The most days between changes of the password.
    pub(super) password_expire_max: Option<i64>,
    /// The least days between changes of the password.
    pub(super) password_expire_min: Option<i64>,
    /// Days of warning before the password expires.
    pub(super) password_expire_warn: Option<i64>,
    /// Hide the user from macOS's login window. Without effect on Linux.
    #[expect(dead_code, reason = "accepted, without effect on Linux")]
    hidden: Option<bool>,
    /// The SELinux user.
    pub(super) seuser: Option<String>,
    /// When removing, force it; an existing key is made anew.
    #[arg(default = false)]
    pub(super) force: bool,
    /// When removing, remove the home directory and the mail too.
    #[arg(default = false)]
    pub(super) remove: bool,
    /// Make the home directory.
    #[arg(default = true, alias("createhome"))]
    pub(super) create_home: bool,
    /// What a new home directory is copied from.
    pub(super) skeleton: Option<String>,
    /// A new user is one of the system.
    #[arg(default = false)]
    pub(super) system: bool,
    /// Move the old home directory to the new place.
    #[arg(default = false)]
    pub(super) move_home: bool,
    /// Add to the groups the user is in, instead of replacing them.
    #[arg(default = false)]
    pub(super) append: bool,
    /// Make a key for `ssh`.
    pub(super) generate_ssh_key: Option<bool>,
    /// Its size.
    #[arg(default = 0)]
    pub(super) ssh_key_bits: i64,
    /// Its kind.
    #[arg(default = "rsa")]
    pub(super) ssh_key_type: String,
    /// Its file, relative to the home directory; `.ssh/id_rsa` or the like when not given.
    pub(super) ssh_key_file: Option<PathBuf>,
    /// Its comment; `ansible-generated on` and the name of the host when not given.
    pub(super) ssh_key_comment: Option<String>,
    /// Its passphrase.
    #[arg(no_log)]
    pub(super) ssh_key_passphrase: Option<String>,
    /// When the password is set.
    #[arg(default = "always")]
    pub(super) update_password: UpdatePassword,
    /// When the account expires, in seconds since 1970; negative for never.
    pub(super) expires: Option<f64>,
    /// Lock or unlock the password.
    pub(super) password_lock: Option<bool>,
    /// Use the programs that only know the local files, where the host has a central account database.
    pub(super) local: Option<bool>,
    /// Solaris's profile. Without effect on Linux.
    #[expect(dead_code, reason = "accepted, without effect on Linux")]
    profile: Option<String>,
    /// Solaris's authorization. Without effect on Linux.
    #[expect(dead_code, reason = "accepted, without effect on Linux")]
    authorization: Option<String>,
    /// Solaris's role. Without effect on Linux.
    #[expect(dead_code, reason = "accepted, without effect on Linux")]
    role: Option<String>,
    /// The file creation mask for a new home directory.
    pub(super) umask: Option<String>,
    /// Days after which an account with an expired password is disabled.
    pub(super) password_expire_account_disable: Option<i64>,
    /// The least number for a new user.
    pub(super) uid_min: Option<i64>,
    /// The greatest number for a new user.
    pub(super) uid_max: Option<i64>,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Absent,
    Present,
}

#[derive(Choice, Clone, Copy, PartialEq, Eq)]
pub(super) enum UpdatePassword {
    Always,
    OnCreate,
}

impl UserModule {
    /// True when only the local files are to be used.
    pub(super) fn is_local(&self) -> bool {
        self.local == Some(true)
    }

    /// The further groups that are asked for, without repetitions.
    pub(super) fn wanted_groups(&self) -> Option<Vec<String>> {
        let given = self.groups.as_ref()?;
        let mut wanted: Vec<String> = Vec::new();
        for name in given.iter().flat_map(|text| text.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
            if !wanted.iter().any(|known| known == name) {
                wanted.push(name.to_owned());
            }
        }
        Some(wanted)
    }
}
