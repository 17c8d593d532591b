//! `ansible.utils.from_xml` and `to_xml`: XML as dictionaries, `@name` for attributes and `#text` for text beside them.

use super::options::{Kind, options, plugin_error};
use crate::eval::Call;
use crate::fault::Outcome;
use crate::filters::Filter;
use crate::val::{Dictionary, Key, Val};
use crate::xml::{Element, Node, parse};

pub(super) const TABLE: &[Filter] =
    &[Filter::new("ansible.utils.from_xml", from_xml), Filter::new("ansible.utils.to_xml", to_xml)];

/// Deeper data is refused.
const MAX_DEPTH: usize = 400;

fn check_engine(call: &Call<'_, '_>, engine: Option<Val>, name: &str) -> Outcome<()> {
    let engine = engine.map_or(Ok("xmltodict".to_owned()), |engine| call.text(&engine))?;
    if engine == "xmltodict" { Ok(()) } else { Err(plugin_error(name, &format!("engine: {engine} is not supported"))) }
}

fn from_xml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, engine] = options(call, [("data", Kind::Text), ("engine", Kind::Text)])?;
    check_engine(call, engine, "from_xml")?;
    let text = data.map_or(Ok(String::new()), |data| call.text(&data))?;
    match parse(&text) {
        Some(root) => Ok(Val::dict([(root.name.clone(), read(&root))])),
        None => Err(plugin_error("from_xml", "Input Xml is not valid")),
    }
}

fn read(element: &Element) -> Val {
    let entries = Dictionary::empty();
    for (name, value) in &element.attributes {
        entries.insert(Key::text(format!("@{name}")), Val::from(value.as_str()));
    }
    let mut text = String::new();
    for node in &element.nodes {
        match node {
            Node::Text(part) => text.push_str(part),
            Node::Element(child) => {
                let key = Key::text(child.name.as_str());
                let value = read(child);
                match entries.get(&key) {
                    None => entries.insert(key, value),
                    Some(crate::val::Slot::Ready(Val::List(list))) => {
                        list.change(|items| items.push(crate::val::Slot::Ready(value)));
                    }
                    Some(crate::val::Slot::Ready(first)) => entries.insert(key, Val::list(vec![first, value])),
                    Some(crate::val::Slot::Raw(..)) => {}
                }
            }
        }
    }
    let text = text.trim();
    match (entries.len(), text.is_empty()) {
        (0, true) => Val::None,
        (0, false) => text.into(),
        (_, true) => Val::Dict(entries),
        (_, false) => {
            entries.insert(Key::text("#text"), text.into());
            Val::Dict(entries)
        }
    }
}

fn to_xml(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [data, engine, full, indent, width] = options(
        call,
        [
            ("data", Kind::Dict),
            ("engine", Kind::Text),
            ("full_document", Kind::Bool),
            ("indent", Kind::Choice(&["tabs", "spaces"])),
            ("indent_width", Kind::Integer),
        ],
    )?;
    check_engine(call, engine, "to_xml")?;
    let data = data.unwrap_or(Val::None);
    let full = call.flag(full.as_ref(), true)?;
    let indent = match (indent.as_ref().and_then(Val::as_str), width) {
        (Some("spaces"), Some(Val::Int(width))) => " ".repeat(usize::try_from(width).unwrap_or(0).min(100)),
        (Some("spaces"), _) => "    ".to_owned(),
        _ => "\t".to_owned(),
    };
    let mut writer = Writer { call, indent, out: String::new() };
    let written = match call.session.mapping(&data) {
        Some(entries) if full && entries.len() != 1 => false,
        Some(entries) => {
            let mut good = true;
            for (name, value) in call.pairs(&entries)? {
                let roots = matches!(&value, Val::List(items) if full && items.len() != 1);
                good = good && !roots && writer.element(&name, &value, 0)?;
            }
            good
        }
        None => false,
    };
    if !written {
        return Err(plugin_error("to_xml", "Input json is not valid"));
    }
    let declaration = if full { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n" } else { "" };
    Ok(format!("{declaration}{}", writer.out).into())
}

struct Writer<'w, 'c, 'a> {
    call: &'w Call<'c, 'a>,
    indent: String,
    out: String,
}

impl Writer<'_, '_, '_> {
    /// False for data that has no form in XML.
    fn element(&mut self, name: &Key, value: &Val, depth: usize) -> Outcome<bool> {
        if let Val::List(_) = value {
            for item in self.call.items(value)? {
                if !self.one(name, &item, depth)? {
                    return Ok(false);
                }
            }
            return Ok(true);
        }
        self.one(name, value, depth)
    }

    fn one(&mut self, name: &Key, value: &Val, depth: usize) -> Outcome<bool> {
        let Some(name) = name.value().as_str().filter(|name| is_name(name)) else { return Ok(false) };
        if depth > MAX_DEPTH {
            return Ok(false);
        }
        let (mut attributes, mut children, mut text) = (Vec::new(), Vec::new(), None);
        match self.call.session.mapping(value) {
            Some(entries) => {
                for (key, value) in self.call.pairs(&entries)? {
                    match key.value().as_str() {
                        Some("#text") => text = Some(self.text(&value)?),
                        Some(key) if key.starts_with('@') => {
                            let key = key.trim_start_matches('@').to_owned();
                            if !is_name(&key) {
                                return Ok(false);
                            }
                            attributes.push((key, self.text(&value)?));
                        }
                        _ if matches!(&value, Val::List(items) if items.len() == 0) => {}
                        _ => children.push((key, value)),
                    }
                }
            }
            None if value.is_none() => {}
            None => text = Some(self.text(value)?),
        }
        let indent = self.indent.repeat(depth);
        self.out.push_str(&indent);
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push_str(&format!(" {key}={}", quoted(&value)));
        }
        self.out.push('>');
        if !children.is_empty() {
            self.out.push('\n');
        }
        for (key, value) in &children {
            if !self.element(key, value, depth + 1)? {
                return Ok(false);
            }
        }
        if let Some(text) = text {
            self.out.push_str(&escaped(&text));
        }
        if !children.is_empty() {
            self.out.push_str(&indent);
        }
        self.out.push_str(&format!("</{name}>"));
        if depth > 0 {
            self.out.push('\n');
        }
        Ok(true)
    }

    fn text(&self, value: &Val) -> Outcome<String> {
        match value {
            Val::Bool(flag) => Ok(flag.to_string()),
            Val::None => Ok(String::new()),
            other => self.call.text(other),
        }
    }
}

/// A name that cannot close the tag it stands in.
fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(['?', '!'])
        && !name.contains(|character: char| {
            character.is_whitespace() || matches!(character, '<' | '>' | '/' | '"' | '\'' | '=' | '&')
        })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn quoted(text: &str) -> String {
    let text = escaped(text).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;");
    match (text.contains('"'), text.contains('\'')) {
        (true, false) => format!("'{text}'"),
        (true, true) => format!("\"{}\"", text.replace('"', "&quot;")),
        _ => format!("\"{text}\""),
    }
}
