//! YAML as PyYAML's C dumper writes it: representer and serializer by hand, bytes by libyaml's emitter.

use crate::libyaml::{Directives, Emit, EmitSettings, ScalarStyle, write_events};
use crate::resolver::Tag;
use base64::Engine as _;
use churten_diagnostics::Report;
use churten_value::{Data, Value, compare, float_repr, try_sort_by};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::sync::Arc;

/// Values nested deeper are refused; the emitter would recurse as deep.
const MAX_DEPTH: usize = 500;

/// The options of `yaml.dump` that filters and callbacks use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EmitOptions {
    /// `default_flow_style`: `None` writes collections of plain scalars in flow style, and only those.
    pub flow: Option<bool>,
    /// `indent`, 2 to 9; anything else is 2.
    pub indent: i32,
    /// `width`; 0 is the default of 80, negative is unlimited.
    pub width: i32,
    /// `sort_keys`
    pub sort_keys: bool,
    /// `allow_unicode`: characters beyond ASCII as they are.
    pub unicode: bool,
    /// `explicit_start`: begin with `---`.
    pub explicit_start: bool,
    /// `explicit_end`: end with `...`.
    pub explicit_end: bool,
    /// `canonical`
    pub canonical: bool,
    /// Write a container that stands in several places once, with an anchor, and aliases elsewhere.
    pub aliases: bool,
    /// `default_style`: how scalars are written that have no style of their own. [`ScalarStyle::Any`] leaves them as they
    /// are, but no collection with scalars in flow style that `flow` does not want there.
    pub style: Option<ScalarStyle>,
}

impl EmitOptions {
    /// The defaults of the filter `to_yaml`.
    pub const PLAIN: Self = Self {
        flow: None,
        indent: 2,
        width: 0,
        sort_keys: true,
        unicode: true,
        explicit_start: false,
        explicit_end: false,
        canonical: false,
        aliases: false,
        style: None,
    };

    /// The defaults of the filter `to_nice_yaml`.
    pub const NICE: Self = Self { flow: Some(false), indent: 4, ..Self::PLAIN };
}

impl Default for EmitOptions {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// The YAML text of a value, one document.
///
/// # Errors
/// A value that is nested too deeply.
pub fn emit_yaml(value: &Value, options: &EmitOptions) -> Result<String, Report> {
    emit_yaml_below(value, options, Directives::default())
}

/// The YAML text of a value, one document below directives.
///
/// # Errors
/// A value that is nested too deeply, directives that YAML does not have.
pub fn emit_yaml_below(value: &Value, options: &EmitOptions, directives: Directives) -> Result<String, Report> {
    let mut writer = Writer {
        options: *options,
        events: vec![],
        astral: vec![],
        stand_in: StandIn::for_value(value),
        anchors: Anchors::default(),
    };
    if options.aliases {
        writer.anchors.gather(value, options.sort_keys, 0);
    }
    writer.events.push(Emit::DocumentStart { explicit: options.explicit_start, directives });
    writer.value(value, 0)?;
    writer.events.push(Emit::DocumentEnd { explicit: options.explicit_end });
    let settings = EmitSettings {
        indent: options.indent,
        width: options.width,
        unicode: options.unicode,
        canonical: options.canonical,
    };
    let text = write_events(&writer.events, settings).map_err(Report::new)?;
    Ok(writer.stand_in.restore(&text, &writer.astral))
}

/// What stands for a character beyond U+FFFF while libyaml's port writes: libyaml itself escapes such characters, the
/// port does not. Both characters of a stand-in are escaped, together as wide as the escape that takes their place.
#[derive(Clone, Copy)]
struct StandIn {
    first: char,
    second: char,
}

impl StandIn {
    /// A stand-in that no text of the value holds, as it is or as its escape.
    fn for_value(value: &Value) -> Self {
        let mut candidates = ['\u{fffe}', '\u{ffff}']
            .into_iter()
            .flat_map(|second| ('\u{1}'..='\u{6}').map(move |first| Self { first, second }))
            .collect::<Vec<_>>();
        let fallback = Self { first: '\u{1}', second: '\u{fffe}' };
        texts(value, 0, &mut |text| {
            candidates.retain(|one| !text.contains(&one.raw()) && !text.contains(&one.escaped()));
        });
        candidates.first().copied().unwrap_or(fallback)
    }

    fn raw(self) -> String {
        String::from_iter([self.first, self.second])
    }

    fn escaped(self) -> String {
        format!("\\x{:02X}\\u{:04X}", self.first as u32, self.second as u32)
    }

    /// Put the escapes of the characters where their stand-ins are.
    fn restore(self, text: &str, astral: &[char]) -> String {
        let mut characters = astral.iter();
        let escaped = self.escaped();
        let mut parts = text.split(&escaped);
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match characters.next() {
                Some(character) => out += &format!("\\U{:08X}", *character as u32),
                None => out += &escaped,
            }
            out += part;
        }
        out
    }
}

/// Every text inside a value.
fn texts(value: &Value, depth: usize, visit: &mut dyn FnMut(&str)) {
    if depth > MAX_DEPTH {
        return;
    }
    match &value.data {
        Data::Str(text) => visit(text),
        Data::List(items) => items.iter().for_each(|item| texts(item, depth + 1, visit)),
        Data::Dict(entries) => {
            for (key, value) in entries.iter() {
                texts(key, depth + 1, visit);
                texts(value, depth + 1, visit);
            }
        }
        _ => {}
    }
}

struct Writer {
    options: EmitOptions,
    events: Vec<Emit>,
    /// Characters beyond U+FFFF in the order they are written.
    astral: Vec<char>,
    stand_in: StandIn,
    anchors: Anchors,
}

/// The containers that stand in several places.
#[derive(Default)]
struct Anchors {
    /// Containers met, by their address while the value lives, and the anchors of those met again.
    met: HashMap<usize, Option<usize>>,
    /// Anchors given.
    count: usize,
    /// Containers written.
    written: HashSet<usize>,
}

impl Anchors {
    /// Find what stands in several places. Anchors are numbered as they turn out to be needed.
    fn gather(&mut self, value: &Value, sort_keys: bool, depth: usize) {
        let Some(address) = address(value).filter(|_| depth <= MAX_DEPTH) else { return };
        if let Some(anchor) = self.met.get_mut(&address) {
            if anchor.is_none() {
                self.count += 1;
                *anchor = Some(self.count);
            }
            return;
        }
        self.met.insert(address, None);
        match &value.data {
            Data::List(items) => items.iter().for_each(|item| self.gather(item, sort_keys, depth + 1)),
            Data::Dict(entries) => {
                let mut entries: Vec<(&Value, &Value)> = entries.iter().collect();
                if sort_keys {
                    entries = sort(entries);
                }
                entries.iter().for_each(|(_, value)| self.gather(value, sort_keys, depth + 1));
            }
            _ => {}
        }
    }

    /// The anchor of a container, and whether it has been written already.
    fn of(&mut self, value: &Value) -> Option<(String, bool)> {
        let address = address(value)?;
        let number = (*self.met.get(&address)?)?;
        Some((format!("id{number:03}"), !self.written.insert(address)))
    }
}

/// Where a container is kept.
fn address(value: &Value) -> Option<usize> {
    match &value.data {
        Data::List(items) => Some(Arc::as_ptr(items).addr()),
        Data::Dict(entries) => Some(Arc::as_ptr(entries).addr()),
        _ => None,
    }
}

impl Writer {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Report> {
        if depth > MAX_DEPTH {
            return Err(Report::new(format!("a value is nested more than {MAX_DEPTH} levels deep")));
        }
        let anchor = match self.anchors.of(value) {
            Some((anchor, true)) => {
                self.events.push(Emit::Alias(anchor));
                return Ok(());
            }
            other => other.map(|(anchor, _)| anchor),
        };
        match &value.data {
            Data::None => self.scalar(&Tag::Null, "null"),
            Data::Bool(flag) => self.scalar(&Tag::Bool, if *flag { "true" } else { "false" }),
            Data::Int(_) | Data::BigInt(_) => self.scalar(&Tag::Int, &value.to_text()),
            Data::Float(number) => self.scalar(&Tag::Float, &float(*number)),
            Data::Str(text) => self.scalar(&Tag::Str, text),
            Data::Timestamp(when) => self.scalar(&Tag::Timestamp, &when.iso(' ')),
            // PyYAML has no way to write one.
            Data::Time(time) => {
                return Err(Report::new(format!("('cannot represent an object', {})", time.repr())));
            }
            Data::Bytes(bytes) => self.literal("tag:yaml.org,2002:binary", &binary(bytes)),
            Data::Vault(vaulted) => self.literal("!vault", &vaulted.armour),
            Data::Omit => self.scalar(&Tag::Str, &value.to_text()),
            Data::List(items) => {
                let flow = self.options.flow.unwrap_or_else(|| items.iter().all(|item| self.is_plain(item)));
                let tag = "tag:yaml.org,2002:seq".to_owned();
                self.events.push(Emit::SequenceStart { anchor, tag, implicit: true, flow });
                for item in items.iter() {
                    self.value(item, depth + 1)?;
                }
                self.events.push(Emit::SequenceEnd);
            }
            Data::Dict(entries) => {
                let mut entries: Vec<(&Value, &Value)> = entries.iter().collect();
                if self.options.sort_keys {
                    entries = sort(entries);
                }
                let plain = || entries.iter().all(|(key, value)| self.is_plain(key) && self.is_plain(value));
                let flow = self.options.flow.unwrap_or_else(plain);
                let tag = "tag:yaml.org,2002:map".to_owned();
                self.events.push(Emit::MappingStart { anchor, tag, implicit: true, flow });
                for (key, value) in entries {
                    self.value(key, depth + 1)?;
                    self.value(value, depth + 1)?;
                }
                self.events.push(Emit::MappingEnd);
            }
        }
        Ok(())
    }

    /// A scalar in whatever style fits: plain when its text alone says its type.
    fn scalar(&mut self, tag: &Tag, text: &str) {
        let plain = Tag::implicit(text).name() == tag.name();
        let quoted = matches!(tag, Tag::Str);
        let text = self.without_astral(text);
        let tag = tag.name().to_owned();
        let style = self.options.style.unwrap_or(ScalarStyle::Any);
        self.events.push(Emit::Scalar { anchor: None, tag, text, plain, quoted, style });
    }

    /// A scalar without a style of its own: what keeps a collection in flow style.
    fn is_plain(&self, value: &Value) -> bool {
        self.options.style.is_none()
            && !matches!(value.data, Data::List(_) | Data::Dict(_) | Data::Bytes(_) | Data::Vault(_))
    }

    /// Text below its tag, line by line.
    fn literal(&mut self, tag: &str, text: &str) {
        self.events.push(Emit::Scalar {
            anchor: None,
            tag: tag.to_owned(),
            text: text.to_owned(),
            plain: false,
            quoted: false,
            style: ScalarStyle::Literal,
        });
    }

    fn without_astral(&mut self, text: &str) -> String {
        if !self.options.unicode || text.chars().all(|c| c as u32 <= 0xffff) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if c as u32 > 0xffff {
                self.astral.push(c);
                out += &self.stand_in.raw();
            } else {
                out.push(c);
            }
        }
        out
    }
}

/// By key, as Python sorts; keys that cannot be compared stay as they are.
fn sort<'v>(entries: Vec<(&'v Value, &'v Value)>) -> Vec<(&'v Value, &'v Value)> {
    let comparable = entries.windows(2).all(|pair| matches!(pair, [a, b] if compare(a.0, b.0).is_ok()));
    if !comparable {
        return entries;
    }
    let by_key = |a: &(&Value, _), b: &(&Value, _)| {
        Ok::<_, Infallible>(compare(a.0, b.0).ok().flatten().unwrap_or(Ordering::Equal))
    };
    match try_sort_by(entries, by_key) {
        Ok(sorted) => sorted,
        Err(never) => match never {},
    }
}

fn float(number: f64) -> String {
    if number.is_nan() {
        return ".nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 { ".inf" } else { "-.inf" }.into();
    }
    let text = float_repr(number);
    // `1e+20` alone would be read back as text.
    if text.contains('.') { text } else { text.replacen('e', ".0e", 1) }
}

/// Base64 in lines of 76 characters, as Python's `encodebytes` gives it.
fn binary(bytes: &[u8]) -> String {
    let encoded = base64::engine::general_purpose::STANDARD.encode(bytes);
    let mut text = String::new();
    for (index, c) in encoded.chars().enumerate() {
        if index > 0 && index % 76 == 0 {
            text.push('\n');
        }
        text.push(c);
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::{EmitOptions, emit_yaml};
    use churten_value::{JsonStyle, from_json};

    /// Recorded from ansible-core: `value` as JSON, the texts of `to_yaml` and `to_nice_yaml`.
    #[test]
    fn texts_are_pyyamls() {
        let mut different = vec![];
        for line in include_str!("../tests/fixtures/emit.jsonl").lines() {
            let case = from_json(line).unwrap();
            let value = case.get("value").unwrap();
            for (name, options) in [("yaml", EmitOptions::default()), ("nice", EmitOptions::NICE)] {
                let text = emit_yaml(value, &options).unwrap();
                let expected = case.get(name).unwrap().as_str().unwrap().to_owned();
                if text != expected {
                    different.push(format!("{name} of {}:\n{text}---\n{expected}", value.to_json(JsonStyle::PLAIN)));
                }
            }
        }
        assert!(different.is_empty(), "{}", different.join("\n"));
    }

    #[test]
    fn nothing_is_taken_for_a_character_that_stands_in() {
        for text in ["x\u{1}\u{fffe}y \u{1f600}", "\\x01\\uFFFE \u{1f600}"] {
            let value = churten_value::Value::from(text);
            let written = emit_yaml(&value, &EmitOptions::default()).unwrap();
            let options = crate::ParseOptions::UNTRUSTED;
            // A character YAML does not allow cannot be read back; what matters is that nothing is lost.
            let source = churten_value::Source::described("<test>");
            if let Ok(read) = crate::parse_yaml(&written, source, &options) {
                assert_eq!(read.documents[0].as_str(), Some(text), "{written}");
            }
            assert!(written.contains("\\U0001F600") && written.trim_end().ends_with('"'), "{written}");
        }
    }

    #[test]
    fn deep_values_are_refused() {
        let mut value = churten_value::Value::NONE;
        for _ in 0..600 {
            value = churten_value::Value::list(vec![value]);
        }
        assert!(emit_yaml(&value, &EmitOptions::default()).is_err());
    }
}
