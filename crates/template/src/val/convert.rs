//! From a template's value to data: what leaves the room.

use super::{Dictionary, Object, Slot, Val};
use crate::eval::{Session, Stored};
use crate::fault::{Fault, Outcome};
use churten_value::{Data, Dict, Value};

impl Val {
    /// A container as it is printed now, whatever happens to it afterwards: its templates rendered, `omit` left out,
    /// tuples as lists.
    pub(crate) fn settled(&self, session: &Session<'_>) -> Outcome<Self> {
        session.enter()?;
        if !self.has_group(session)
            && let Ok(data) = self.to_data(session)
        {
            return Ok(Self::from_plain(&data));
        }
        let keep = |item: &Self| !matches!(item, Self::Omit);
        Ok(match self {
            Self::Tuple(tuple) if tuple.is_group() => {
                let items = tuple.iter().filter(|item| keep(item)).map(|item| item.settled(session));
                Self::group(items.collect::<Outcome<_>>()?)
            }
            Self::List(_) | Self::Tuple(_) => {
                let items = session.items(self)?.into_iter().filter(keep);
                Self::list(items.map(|item| item.settled(session)).collect::<Outcome<_>>()?)
            }
            Self::Dict(dict) => {
                let pairs = session.pairs(dict).into_iter().filter(|(_, value)| keep(value));
                let pairs = pairs.map(|(key, value)| Ok((key, value.settled(session)?)));
                Self::Dict(Dictionary::new(pairs.collect::<Outcome<Vec<_>>>()?))
            }
            other => other.clone().defined()?,
        })
    }

    /// This value as data: templates inside containers rendered, undefined an error, `omit` left out of containers,
    /// tuples as lists.
    pub(crate) fn to_data(&self, session: &Session<'_>) -> Outcome<Value> {
        session.spend(1)?;
        Ok(match self {
            Self::None => Value::NONE,
            Self::Bool(flag) => (*flag).into(),
            Self::Int(number) => (*number).into(),
            Self::Big(number) => Data::BigInt(number.clone()).into(),
            Self::Float(number) => (*number).into(),
            // A result is never a template again, whatever the text it came from was.
            Self::Str(text) => {
                let trusted = text.tags.is_trusted() && !crate::templar::has_delimiters(text);
                Value::str(text.text.clone()).with_tags(text.tags.trust(trusted))
            }
            Self::Bytes(bytes) => Data::Bytes(bytes.clone()).into(),
            Self::Timestamp(when) => Data::Timestamp(when.clone()).into(),
            Self::Time(time) => Data::Time(time.clone()).into(),
            Self::List(list) => {
                session.enter()?;
                if let Some((items, _)) = list.shared()
                    && items.iter().all(is_final)
                {
                    items.iter().try_for_each(|item| session.shared.check_untrusted(item))?;
                    return Ok(Data::List(items).into());
                }
                let mut items = Vec::with_capacity(list.len());
                for slot in list.slots() {
                    push(&slot, session, &mut items)?;
                }
                Value::list(items)
            }
            Self::Tuple(tuple) => {
                session.enter()?;
                if tuple.is_group() {
                    session.stores_group();
                }
                let mut items = Vec::with_capacity(tuple.len());
                for item in tuple.iter().filter(|item| !matches!(item, Self::Omit)) {
                    items.push(item.to_data(session)?);
                }
                Value::list(items)
            }
            Self::Dict(dict) => {
                session.enter()?;
                if let Some((entries, _)) = dict.shared()
                    && entries.iter().all(|(key, value)| is_final(key) && is_final(value))
                {
                    entries.values().try_for_each(|value| session.shared.check_untrusted(value))?;
                    return Ok(Data::Dict(entries).into());
                }
                let mut entries = Dict::with_capacity(dict.len());
                for (key, slot) in dict.slots() {
                    let value = slot_data(&slot, session)?;
                    if !value.is_omit() {
                        let Some(key) = key.to_data() else {
                            return Err(Fault::python(match key.value() {
                                Self::Tuple(_) => "unhashable type: 'list'".to_owned(),
                                other => format!("Type '{}' is unsupported for variable storage.", other.python_type()),
                            }));
                        };
                        entries.insert(key, value);
                    }
                }
                Value::dict(entries)
            }
            Self::Variables(root) => session.variables(*root).to_data(session)?,
            Self::Undefined(undefined) if !undefined.is_silent() => return Err(undefined.fault()),
            Self::Omit => Data::Omit.into(),
            Self::Object(object) if matches!(&**object, Object::Module(_)) => {
                Value::str(super::python_str(self, session)?)
            }
            Self::Hosts(hosts) => {
                let mut entries = Dict::new();
                for host in hosts.hosts() {
                    entries.insert(host.clone(), session.host(hosts, &host).to_data(session)?);
                }
                Value::dict(entries)
            }
            other => {
                return Err(Fault::python(format!(
                    "Type '{}' is unsupported for variable storage.",
                    other.python_type()
                )));
            }
        })
    }
}

fn push(slot: &Slot, session: &Session<'_>, items: &mut Vec<Value>) -> Outcome<()> {
    let value = slot_data(slot, session)?;
    if !value.is_omit() {
        items.push(value);
    }
    Ok(())
}

fn slot_data(slot: &Slot, session: &Session<'_>) -> Outcome<Value> {
    match slot {
        Slot::Ready(value) => value.to_data(session),
        Slot::Raw(value, _) if is_final(value) => {
            session.shared.check_untrusted(value)?;
            Ok(value.clone())
        }
        Slot::Raw(value, root) => {
            let tags = value.tags;
            let is_stored = session.stored.replace(Stored::No);
            let resolved = session.resolve(value, *root);
            session.stored.set(is_stored);
            let data = resolved.to_data(session)?;
            Ok(match data.data {
                Data::List(_) | Data::Dict(_) if matches!(value.data, Data::List(_) | Data::Dict(_)) => {
                    data.with_tags(tags)
                }
                _ if tags.deprecation().is_some() => {
                    let tags = data.tags.deprecated(tags.deprecation());
                    data.with_tags(tags)
                }
                _ => data,
            })
        }
    }
}

/// True when nothing inside has to be rendered, decrypted or left out.
pub(crate) fn is_final(value: &Value) -> bool {
    if value.tags.deprecation().is_some() {
        // The user is told of what is used.
        return false;
    }
    match &value.data {
        Data::Str(text) => !(value.tags.is_trusted() && crate::templar::has_delimiters(text)),
        Data::List(items) => items.iter().all(is_final),
        Data::Dict(entries) => entries.iter().all(|(_, value)| is_final(value)),
        Data::Vault(_) | Data::Omit => false,
        _ => true,
    }
}
