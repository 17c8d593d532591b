//! `password_hash`.

use super::Filter;
use crate::crypt;
use crate::eval::{Call, Session};
use crate::fault::{Fault, Outcome};
use crate::twister::Random;
use crate::val::{Number, Val, number};

pub(super) const TABLE: &[Filter] = &[Filter::new("password_hash", password_hash)];

/// What the schemes may use in a salt.
const SALT: &[u8; 64] = b"./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A password scheme.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Md5,
    Blowfish,
    Sha256,
    Sha512,
}

impl Scheme {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "md5" | "md5_crypt" => Self::Md5,
            "blowfish" | "bcrypt" => Self::Blowfish,
            "sha256" | "sha256_crypt" => Self::Sha256,
            "sha512" | "sha512_crypt" => Self::Sha512,
            _ => return None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Md5 => "md5_crypt",
            Self::Blowfish => "bcrypt",
            Self::Sha256 => "sha256_crypt",
            Self::Sha512 => "sha512_crypt",
        }
    }

    /// The longest salt.
    fn salt_size(self) -> usize {
        match self {
            Self::Md5 => 8,
            Self::Blowfish => 22,
            Self::Sha256 | Self::Sha512 => 16,
        }
    }

    /// The least, the usual and the most rounds.
    fn rounds(self) -> (u32, u32, u32) {
        match self {
            Self::Md5 => (0, 0, 0),
            Self::Blowfish => (4, 12, 31),
            Self::Sha256 => (1_000, 535_000, 999_999_999),
            Self::Sha512 => (1_000, 656_000, 999_999_999),
        }
    }
}

/// A new salt for a scheme, as long as it may be.
pub(crate) fn random_salt(scheme: &str) -> String {
    let size = Scheme::of(scheme).map_or(8, Scheme::salt_size);
    let mut random = Random::System;
    (0..size).filter_map(|_| SALT.get(random.index(SALT.len()))).map(|byte| char::from(*byte)).collect()
}

fn failed(message: impl std::fmt::Display) -> Fault {
    Fault::python(format!("Could not hash the secret: {message}"))
}

/// The hash of a password as `crypt` writes it. Without a salt a random one is taken.
pub(crate) fn hash_password(
    secret: &str,
    scheme: &str,
    salt: Option<&str>,
    rounds: Option<i64>,
    ident: Option<&str>,
    session: &Session<'_>,
) -> Outcome<String> {
    let Some(scheme) = Scheme::of(scheme) else {
        return Err(Fault::python(format!(
            "{scheme} is not in the list of supported passlib algorithms: md5, blowfish, sha256, sha512"
        )));
    };
    if secret.contains('\0') {
        return Err(failed(format!("{} does not allow NULL bytes in password", scheme.name())));
    }
    let salt = salt.map_or_else(|| random_salt(scheme.name()), str::to_owned);
    if !salt.bytes().all(|byte| SALT.contains(&byte)) {
        return Err(failed(format!("invalid characters in {} salt", scheme.name())));
    }
    if salt.len() > scheme.salt_size() {
        let most = scheme.salt_size();
        let exactly = if scheme == Scheme::Blowfish { "exactly" } else { "<=" };
        return Err(failed(format!("salt too large ({} requires {exactly} {most} chars)", scheme.name())));
    }
    if scheme == Scheme::Blowfish && salt.len() < scheme.salt_size() {
        return Err(failed("salt too small (bcrypt requires exactly 22 chars)"));
    }
    let (least, usual, most) = scheme.rounds();
    let rounds = match rounds {
        None => usual,
        Some(rounds) if rounds < i64::from(least) => {
            return Err(failed(format!(
                "{}: min_desired_rounds ({rounds}) is too low, must be at least {least}",
                scheme.name()
            )));
        }
        Some(rounds) => u32::try_from(rounds).ok().filter(|rounds| *rounds <= most).ok_or_else(|| {
            failed(format!("{}: max_desired_rounds ({rounds}) is too high, must be at most {most}", scheme.name()))
        })?,
    };
    session.spend(match scheme {
        Scheme::Md5 => 1_000,
        Scheme::Sha256 | Scheme::Sha512 => rounds as usize,
        // A cost of 5 takes as long as about a thousand of the others' rounds.
        Scheme::Blowfish => 32_usize.saturating_mul(1 << rounds.min(31)),
    })?;
    match scheme {
        Scheme::Md5 => Ok(crypt::md5(secret.as_bytes(), &salt)),
        Scheme::Sha256 => Ok(crypt::sha256(secret.as_bytes(), &salt, rounds)),
        Scheme::Sha512 => Ok(crypt::sha512(secret.as_bytes(), &salt, rounds)),
        Scheme::Blowfish => crypt::bcrypt(secret.as_bytes(), &salt, rounds, ident.unwrap_or("2b")).map_err(failed),
    }
}

fn password_hash(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [secret, scheme, salt, salt_size, rounds, ident] =
        call.bind("get_encrypted_password", ["password", "hashtype", "salt", "salt_size", "rounds", "ident"], 1)?;
    let optional = |value: Option<Val>| match value {
        None | Some(Val::None) => Ok(None),
        Some(value) => call.text(&value).map(Some),
    };
    let scheme = optional(scheme)?.unwrap_or_else(|| "sha512".to_owned());
    let secret = match secret.unwrap_or(Val::None) {
        Val::Str(text) => text.to_string(),
        other => {
            let kind = if other.is_none() { "None" } else { other.python_type() };
            return Err(Fault::python(format!("secret must be unicode or bytes, not {kind}")));
        }
    };
    let rounds = match rounds {
        None | Some(Val::None) => None,
        Some(value) => match (&value, number(&value)) {
            (_, Some(Number::Small(rounds))) => Some(rounds),
            (Val::Str(text), _) => Some(text.trim().parse().map_err(|_| {
                failed(format!("invalid literal for int() with base 10: {}", churten_value::str_repr(text)))
            })?),
            _ => return Err(failed("rounds must be an integer")),
        },
    };
    let mut salt = optional(salt)?;
    match salt_size {
        Some(Val::Int(size)) if salt.is_none() => {
            salt = Some(random_salt(&scheme).chars().take(usize::try_from(size).unwrap_or(0)).collect());
        }
        Some(Val::Int(_) | Val::None) | None => {}
        Some(_) => return Err(Fault::python("salt_size must be an integer")),
    }
    hash_password(&secret, &scheme, salt.as_deref(), rounds, optional(ident)?.as_deref(), call.session).map(Val::from)
}
