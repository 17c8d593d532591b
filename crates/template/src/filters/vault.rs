//! `vault` and `unvault`.

use super::Filter;
use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::val::{Text, Val};
use churten_vault::{Secret, Secrets, is_vault};
use zeroize::Zeroizing;

pub(super) const TABLE: &[Filter] = &[Filter::new("unvault", unvault).taking_armour(), Filter::new("vault", vault)];

const VAULT_ID: &str = "filter_default";

fn secret(value: Option<Val>, id: &str) -> Outcome<Secret> {
    match value.unwrap_or(Val::None) {
        Val::Str(password) => Ok(Secret::new(id, password.as_bytes().to_vec())),
        other => Err(Fault::python(format!(
            "Secret passed is required to be a string, instead we got <class '{}'>.",
            other.python_type()
        ))),
    }
}

fn vault(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, password, salt, id, wrap] =
        call.bind("do_vault", ["data", "secret", "salt", "vault_id", "wrap_object"], 2)?;
    let id = id.map_or(Ok(VAULT_ID.to_owned()), |id| call.text(&id))?;
    let secret = secret(password, &id)?;
    let text = match data.unwrap_or(Val::None) {
        Val::Str(text) => text,
        other => {
            return Err(Fault::python(format!(
                "Can only vault strings, instead we got <class '{}'>.",
                other.python_type()
            )));
        }
    };
    let salt = match salt {
        None | Some(Val::None) => None,
        Some(salt) => Some(call.text(&salt)?),
    };
    if call.flag(wrap.as_ref(), false)? {
        // The text itself, known as one that was vaulted.
        return Ok(Val::Str(Text { tags: text.tags.trust(false).secret(), text: text.text }));
    }
    let sealed = secret
        .encrypt(text.as_bytes(), Some(&id), salt.as_ref().map(String::as_bytes))
        .map_err(|error| Fault::python(format!("Unable to encrypt: {error}")))?;
    Ok(sealed.into())
}

fn unvault(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, password, id] = call.bind("do_unvault", ["vault", "secret", "vault_id"], 2)?;
    let id = id.map_or(Ok(VAULT_ID.to_owned()), |id| call.text(&id))?;
    let secret = secret(password, &id)?;
    let Some(Val::Str(text)) = data else {
        return Err(Fault::python(format!(
            "Vault should be in the form of a string, instead we got <class '{}'>.",
            data.map_or("NoneType", |data| data.python_type())
        )));
    };
    if !is_vault(text.as_bytes()) {
        return Ok(Val::Str(text));
    }
    let mut secrets = Secrets::new();
    secrets.push(secret);
    let opened: Zeroizing<String> =
        secrets.decrypt_text(&text).map_err(|error| Fault::python(format!("Unable to decrypt: {error}")))?;
    Ok(Val::str(opened.as_str()))
}
