//! `ansible.utils.ipaddr`, `ipv4`, `ipv6` and `ipwrap`: what a value is, or a query about it.

use super::options::{Kind, class_path, options};
use super::queries::{Query, Subject};
use crate::address::{Address, Family, Network, python_integer};
use crate::eval::{Call, Session};
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Val, number, python_str};
use churten_diagnostics::Report;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

pub(super) const TABLE: &[Filter] = &[
    Filter::new("ansible.utils.ipaddr", ipaddr),
    Filter::new("ansible.utils.ipv4", ipv4),
    Filter::new("ansible.utils.ipv6", ipv6),
    Filter::new("ansible.utils.ipwrap", ipwrap),
];

/// The name that a list's elements are filtered under.
const NAME: &str = "ipaddr";

/// What a whole list is filtered by.
#[derive(Clone, Copy)]
pub(super) struct Request<'q> {
    pub(super) query: &'q str,
    /// The version that an address must have.
    pub(super) version: Option<i64>,
    /// Whose error an unknown query is.
    pub(super) alias: Option<&'q str>,
}

impl<'q> Request<'q> {
    pub(super) fn query(query: &'q str) -> Self {
        Self { query, version: None, alias: Some(NAME) }
    }
}

fn ipaddr(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let names = [("value", Kind::Raw), ("query", Kind::Text), ("version", Kind::Integer), ("alias", Kind::Text)];
    let [value, query, version, alias] = options(call, names)?;
    let value = value.unwrap_or(Val::None);
    check_type(&value, NAME, call.session)?;
    let version = version.and_then(|version| number(&version)?.to_integer()?.to_i64());
    let query = query.as_ref().and_then(Val::as_str).unwrap_or("");
    let alias = alias.as_ref().and_then(Val::as_str);
    apply(&value, Request { query, version, alias }, call.session)
}

fn ipv4(call: &mut Call<'_, '_>) -> Outcome<Val> {
    of_version(call, "ipv4", 4)
}

fn ipv6(call: &mut Call<'_, '_>) -> Outcome<Val> {
    of_version(call, "ipv6", 6)
}

fn of_version(call: &mut Call<'_, '_>, name: &str, version: i64) -> Outcome<Val> {
    let [value, query] = options(call, [("value", Kind::Raw), ("query", Kind::Text)])?;
    let value = value.unwrap_or(Val::None);
    check_type(&value, name, call.session)?;
    let query = query.as_ref().and_then(Val::as_str).unwrap_or("");
    apply(&value, Request { query, version: Some(version), alias: Some(name) }, call.session)
}

/// Values of another type than text, integer or list are refused, but only outside lists.
fn check_type(value: &Val, name: &str, session: &Session<'_>) -> Outcome<()> {
    match value {
        Val::Str(_) | Val::Int(_) | Val::Big(_) | Val::Bool(_) | Val::List(_) => return Ok(()),
        Val::None => warn(value, session)?,
        _ => {}
    }
    Err(unrecognized(value, name))
}

fn unrecognized(value: &Val, name: &str) -> Fault {
    let class = class_path(value);
    Fault::python(format!("Unrecognized type <<class '{class}'>> for {name} filter <value>"))
}

fn warn(value: &Val, session: &Session<'_>) -> Outcome<()> {
    let text = format!(
        "The value '{}' is not a valid IP address or network, passing this value to ipaddr filter might result in \
         breaking change in future.",
        python_str(value, session)?
    );
    (session.shared.environment.warn)(Report::new(text));
    Ok(())
}

/// Answer for a value, or for each element of a list; elements without an answer are left out.
pub(super) fn apply(value: &Val, request: Request<'_>, session: &Session<'_>) -> Outcome<Val> {
    if let Val::List(_) | Val::Tuple(_) = value {
        session.enter()?;
        let mut kept = Vec::new();
        for item in session.items(value)? {
            item.check()?;
            let answer = apply(&item, Request { alias: Some(NAME), ..request }, session)?;
            if answer.truth()? {
                kept.push(answer);
            }
        }
        return Ok(Val::list(kept));
    }
    if matches!(value, Val::Bool(true)) || !value.truth()? {
        warn(value, session)?;
        return Ok(Val::Bool(false));
    }
    let Some(subject) = read(value, request.version)? else { return Ok(Val::Bool(false)) };
    if request.version.is_some_and(|version| version != subject.network.family().number()) {
        return Ok(Val::Bool(false));
    }
    let Some(query) = Query::find(request.query) else {
        return Err(Fault::python(match request.alias {
            Some(alias) => format!("{alias}: unknown filter type: {}", request.query),
            None => "unsupported operand type(s) for +: 'NoneType' and 'str'".to_owned(),
        }));
    };
    query.answer(&subject)
}

/// The address or network that a value is.
pub(super) fn read(value: &Val, version: Option<i64>) -> Outcome<Option<Subject>> {
    match value {
        Val::Str(text) => read_text(text, value, version),
        Val::Int(_) | Val::Big(_) => match number(value).and_then(|number| number.to_integer()) {
            Some(integer) => from_integer(&integer, version),
            None => Ok(None),
        },
        _ => Ok(None),
    }
}

fn digits(text: &str) -> Option<BigInt> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| python_integer(text)).flatten()
}

fn read_text(text: &str, value: &Val, version: Option<i64>) -> Outcome<Option<Subject>> {
    if let Some(integer) = digits(text) {
        return from_integer(&integer, version);
    }
    if let Some((address, prefix)) = text.split_once('/')
        && let Some(integer) = digits(address)
    {
        let network = [Family::V4, Family::V6]
            .into_iter()
            .find_map(|family| Network::with_length(Address::from_integer(&integer, Some(family))?, prefix));
        return Ok(network.map(|network| Subject { network, is_network: true, shown: Val::from(network.to_string()) }));
    }
    Ok(Network::parse(text).map(|network| Subject { network, is_network: text.contains('/'), shown: value.clone() }))
}

fn from_integer(integer: &BigInt, version: Option<i64>) -> Outcome<Option<Subject>> {
    let family = match version {
        None => None,
        Some(4) => Some(Family::V4),
        Some(6) => Some(Family::V6),
        Some(_) => {
            let text = "cannot access local variable 'v' where it is not associated with a value";
            return Err(Fault::python(text));
        }
    };
    Ok(Address::from_integer(integer, family).map(|address| {
        let network = address.single();
        Subject { network, is_network: false, shown: Val::from(network.to_string()) }
    }))
}

/// IPv6 addresses in brackets; what is no address stays as it is.
fn ipwrap(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [value, _] = options(call, [("value", Kind::Raw), ("query", Kind::Text)])?;
    let value = value.unwrap_or(Val::None);
    if let Val::Int(_) | Val::Big(_) = value {
        return Err(unrecognized(&value, "ipwrap"));
    }
    check_type(&value, "ipwrap", call.session)?;
    let Val::List(_) = value else { return wrapped(value, call.session) };
    let mut items = call.items(&value)?;
    for item in &mut items {
        item.check()?;
        if apply(item, Request::query(""), call.session)?.truth()? {
            *item = apply(item, Request::query("wrap"), call.session)?;
        }
    }
    Ok(Val::list(items))
}

fn wrapped(value: Val, session: &Session<'_>) -> Outcome<Val> {
    let plain = apply(&value, Request::query(""), session)?;
    if !plain.truth()? {
        return Ok(value);
    }
    match read(&value, None)? {
        Some(subject) if subject.network.family() == Family::V6 => Query::Wrap.answer(&subject),
        _ => Ok(plain),
    }
}
