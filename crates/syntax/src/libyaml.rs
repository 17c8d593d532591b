//! The safe wrapper around `libyaml-rs`: parse events in, emit events out.
//!
//! The only file of this crate with `unsafe` code. Every pointer lives as long as the owner that is created and
//! deleted here, and nothing but owned data leaves this file.
#![expect(unsafe_code, reason = "libyaml-rs has the C library's interface of raw pointers")]

use libyaml_rs as yaml;
use std::ffi::{CStr, c_void};
use std::mem::MaybeUninit;
use std::ptr;

/// A position in the input, counted from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

impl From<yaml::yaml_mark_t> for Mark {
    fn from(mark: yaml::yaml_mark_t) -> Self {
        Self {
            line: u32::try_from(mark.line).unwrap_or(u32::MAX - 1),
            column: u32::try_from(mark.column).unwrap_or(u32::MAX - 1),
        }
    }
}

/// How a scalar is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarStyle {
    /// Whatever fits.
    Any,
    /// Without quotes.
    Plain,
    /// `'text'`
    SingleQuoted,
    /// `"text"`
    DoubleQuoted,
    /// Below `|`.
    Literal,
    /// Below `>`.
    Folded,
}

/// One parse event with the place it starts at.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(crate) kind: EventKind,
    pub(crate) start: Mark,
    pub(crate) end: Mark,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum EventKind {
    StreamStart,
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(String),
    Scalar { anchor: Option<String>, tag: Option<String>, text: String, plain_implicit: bool, style: ScalarStyle },
    SequenceStart { anchor: Option<String>, tag: Option<String> },
    SequenceEnd,
    MappingStart { anchor: Option<String>, tag: Option<String> },
    MappingEnd,
}

/// Which layer of libyaml found the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Reader,
    Scanner,
    Parser,
}

/// Why the input is no YAML, in libyaml's words.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    pub(crate) problem: String,
    pub(crate) problem_mark: Mark,
    pub(crate) context: Option<String>,
    pub(crate) context_mark: Mark,
    /// Byte offset and value, for reader problems.
    pub(crate) offset: u64,
    pub(crate) value: i32,
}

/// Pulls events from a text.
pub(crate) struct EventReader<'a> {
    parser: Box<MaybeUninit<yaml::yaml_parser_t>>,
    /// The parser holds a pointer into this.
    _input: &'a [u8],
    done: bool,
}

impl<'a> EventReader<'a> {
    pub(crate) fn new(input: &'a [u8]) -> Self {
        let mut parser = Box::new(MaybeUninit::<yaml::yaml_parser_t>::uninit());
        // SAFETY: the parser is heap-allocated and never moves; the input outlives it by the lifetime; initialisation
        // cannot fail other than by the allocator, which aborts.
        unsafe {
            let _ = yaml::yaml_parser_initialize(parser.as_mut_ptr());
            yaml::yaml_parser_set_input_string(parser.as_mut_ptr(), input.as_ptr(), input.len() as u64);
        }
        Self { parser, _input: input, done: false }
    }

    /// The next event. After an error or the end of the stream it stays at `StreamEnd`.
    pub(crate) fn next(&mut self) -> Result<Event, Problem> {
        if self.done {
            return Ok(Event { kind: EventKind::StreamEnd, start: Mark::default(), end: Mark::default() });
        }
        let mut event = MaybeUninit::<yaml::yaml_event_t>::uninit();
        // SAFETY: the parser was initialised in `new`; on success the event is initialised, copied, and deleted once.
        unsafe {
            if yaml::yaml_parser_parse(self.parser.as_mut_ptr(), event.as_mut_ptr()).fail {
                self.done = true;
                return Err(self.problem());
            }
            let copy = copy_event(&*event.as_ptr());
            yaml::yaml_event_delete(event.as_mut_ptr());
            self.done = copy.kind == EventKind::StreamEnd;
            Ok(copy)
        }
    }

    fn problem(&self) -> Problem {
        // SAFETY: the parser is initialised; its texts are static, NUL-terminated strings of the library.
        unsafe {
            let parser = &*self.parser.as_ptr();
            let kind = match parser.error {
                yaml::YAML_READER_ERROR => ProblemKind::Reader,
                yaml::YAML_SCANNER_ERROR => ProblemKind::Scanner,
                _ => ProblemKind::Parser,
            };
            Problem {
                kind,
                problem: c_text(parser.problem.cast()).unwrap_or_default(),
                problem_mark: parser.problem_mark.into(),
                context: c_text(parser.context.cast()),
                context_mark: parser.context_mark.into(),
                offset: parser.problem_offset,
                value: parser.problem_value,
            }
        }
    }
}

impl Drop for EventReader<'_> {
    fn drop(&mut self) {
        // SAFETY: initialised in `new`, deleted only here.
        unsafe { yaml::yaml_parser_delete(self.parser.as_mut_ptr()) }
    }
}

/// SAFETY: `text` is null or NUL-terminated.
unsafe fn c_text(text: *const u8) -> Option<String> {
    // SAFETY: the caller's promise.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text.cast()) }.to_string_lossy().into_owned())
}

/// SAFETY: `event` was filled by a successful `yaml_parser_parse`.
unsafe fn copy_event(event: &yaml::yaml_event_t) -> Event {
    // SAFETY: the type says which member of the union is set; its pointers are null or NUL-terminated, and a
    // scalar's value has `length` bytes of UTF-8, which the reader has checked.
    let kind = unsafe {
        match event.type_ {
            yaml::YAML_STREAM_START_EVENT => EventKind::StreamStart,
            yaml::YAML_DOCUMENT_START_EVENT => EventKind::DocumentStart,
            yaml::YAML_DOCUMENT_END_EVENT => EventKind::DocumentEnd,
            yaml::YAML_ALIAS_EVENT => EventKind::Alias(c_text(event.data.alias.anchor).unwrap_or_default()),
            yaml::YAML_SCALAR_EVENT => {
                let scalar = event.data.scalar;
                let bytes = std::slice::from_raw_parts(scalar.value, usize::try_from(scalar.length).unwrap_or(0));
                EventKind::Scalar {
                    anchor: c_text(scalar.anchor),
                    tag: c_text(scalar.tag),
                    text: String::from_utf8_lossy(bytes).into_owned(),
                    plain_implicit: scalar.plain_implicit,
                    style: match scalar.style {
                        yaml::YAML_PLAIN_SCALAR_STYLE => ScalarStyle::Plain,
                        yaml::YAML_SINGLE_QUOTED_SCALAR_STYLE => ScalarStyle::SingleQuoted,
                        yaml::YAML_DOUBLE_QUOTED_SCALAR_STYLE => ScalarStyle::DoubleQuoted,
                        yaml::YAML_LITERAL_SCALAR_STYLE => ScalarStyle::Literal,
                        yaml::YAML_FOLDED_SCALAR_STYLE => ScalarStyle::Folded,
                        _ => ScalarStyle::Any,
                    },
                }
            }
            yaml::YAML_SEQUENCE_START_EVENT => EventKind::SequenceStart {
                anchor: c_text(event.data.sequence_start.anchor),
                tag: c_text(event.data.sequence_start.tag),
            },
            yaml::YAML_SEQUENCE_END_EVENT => EventKind::SequenceEnd,
            yaml::YAML_MAPPING_START_EVENT => EventKind::MappingStart {
                anchor: c_text(event.data.mapping_start.anchor),
                tag: c_text(event.data.mapping_start.tag),
            },
            yaml::YAML_MAPPING_END_EVENT => EventKind::MappingEnd,
            _ => EventKind::StreamEnd,
        }
    };
    Event { kind, start: event.start_mark.into(), end: event.end_mark.into() }
}

/// One event to write.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Emit {
    DocumentStart { explicit: bool, directives: Directives },
    DocumentEnd { explicit: bool },
    Scalar { anchor: Option<String>, tag: String, text: String, plain: bool, quoted: bool, style: ScalarStyle },
    SequenceStart { anchor: Option<String>, tag: String, implicit: bool, flow: bool },
    SequenceEnd,
    MappingStart { anchor: Option<String>, tag: String, implicit: bool, flow: bool },
    MappingEnd,
    Alias(String),
}

/// What stands in front of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directives {
    /// `%YAML`: major and minor version.
    pub version: Option<(i32, i32)>,
    /// `%TAG`: handles and their prefixes.
    pub tags: Vec<(String, String)>,
}

/// The emitter's settings; a negative width is unlimited, 0 the default.
#[derive(Clone, Copy, Debug)]
pub(crate) struct EmitSettings {
    pub(crate) indent: i32,
    pub(crate) width: i32,
    pub(crate) unicode: bool,
    pub(crate) canonical: bool,
}

struct EventWriter {
    emitter: Box<MaybeUninit<yaml::yaml_emitter_t>>,
    #[expect(clippy::box_collection, reason = "the emitter keeps its address, which must not change")]
    output: Box<Vec<u8>>,
}

/// SAFETY: `data` is the `Vec<u8>` given with this handler, `buffer` holds `size` bytes.
unsafe fn append(data: *mut c_void, buffer: *mut u8, size: u64) -> i32 {
    // SAFETY: the caller's promise.
    unsafe {
        let output: &mut Vec<u8> = &mut *data.cast();
        output.extend_from_slice(std::slice::from_raw_parts(buffer, usize::try_from(size).unwrap_or(0)));
    }
    1
}

/// Write a stream of events. The error is libyaml's text.
pub(crate) fn write_events(events: &[Emit], settings: EmitSettings) -> Result<String, String> {
    let mut emitter = Box::new(MaybeUninit::<yaml::yaml_emitter_t>::uninit());
    // SAFETY: the emitter is initialised before use and lives in a box that never moves, as does the output.
    let mut writer = unsafe {
        let _ = yaml::yaml_emitter_initialize(emitter.as_mut_ptr());
        let mut writer = EventWriter { emitter, output: Box::default() };
        let output: *mut Vec<u8> = &mut *writer.output;
        let emitter = writer.emitter.as_mut_ptr();
        yaml::yaml_emitter_set_output(emitter, append, output.cast());
        yaml::yaml_emitter_set_canonical(emitter, settings.canonical);
        yaml::yaml_emitter_set_indent(emitter, settings.indent);
        yaml::yaml_emitter_set_width(emitter, settings.width);
        yaml::yaml_emitter_set_unicode(emitter, settings.unicode);
        writer
    };
    writer.send(|event| {
        // SAFETY: `event` is ours to initialise.
        unsafe { yaml::yaml_stream_start_event_initialize(event, yaml::YAML_UTF8_ENCODING).ok }
    })?;
    for event in events {
        writer.send(|target| initialize(event, target))?;
    }
    writer.send(|event| {
        // SAFETY: as above.
        unsafe { yaml::yaml_stream_end_event_initialize(event).ok }
    })?;
    let bytes = std::mem::take(&mut *writer.output);
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

impl EventWriter {
    fn send(&mut self, initialize: impl FnOnce(*mut yaml::yaml_event_t) -> bool) -> Result<(), String> {
        let mut event = MaybeUninit::<yaml::yaml_event_t>::uninit();
        if !initialize(event.as_mut_ptr()) {
            return Err("the event holds text that is not UTF-8".into());
        }
        // SAFETY: the event is initialised; the emitter takes it over, on failure too.
        unsafe {
            if yaml::yaml_emitter_emit(self.emitter.as_mut_ptr(), event.as_mut_ptr()).fail {
                let emitter = &*self.emitter.as_ptr();
                return Err(c_text(emitter.problem.cast()).unwrap_or_default());
            }
        }
        Ok(())
    }
}

impl Drop for EventWriter {
    fn drop(&mut self) {
        // SAFETY: initialised in `write_events`, deleted only here; the output is still alive for a last flush.
        unsafe { yaml::yaml_emitter_delete(self.emitter.as_mut_ptr()) }
    }
}

fn terminated(text: &str) -> Vec<u8> {
    text.bytes().filter(|byte| *byte != 0).chain([0]).collect()
}

fn initialize(event: &Emit, target: *mut yaml::yaml_event_t) -> bool {
    let anchor_of = |anchor: &Option<String>| anchor.as_deref().map(terminated);
    let pointer = |bytes: &Option<Vec<u8>>| bytes.as_ref().map_or(ptr::null(), |bytes| bytes.as_ptr());
    // SAFETY: the target is ours to initialise; every text is NUL-terminated or has its length beside it, and is
    // copied by the library before the call returns.
    unsafe {
        match event {
            Emit::DocumentStart { explicit, directives } => document_start(target, *explicit, directives),
            Emit::DocumentEnd { explicit } => yaml::yaml_document_end_event_initialize(target, !explicit).ok,
            Emit::Scalar { anchor, tag, text, plain, quoted, style } => {
                let Ok(length) = i32::try_from(text.len()) else { return false };
                let anchor = anchor_of(anchor);
                yaml::yaml_scalar_event_initialize(
                    target,
                    pointer(&anchor),
                    terminated(tag).as_ptr(),
                    text.as_ptr(),
                    length,
                    *plain,
                    *quoted,
                    match style {
                        ScalarStyle::Any => yaml::YAML_ANY_SCALAR_STYLE,
                        ScalarStyle::Plain => yaml::YAML_PLAIN_SCALAR_STYLE,
                        ScalarStyle::SingleQuoted => yaml::YAML_SINGLE_QUOTED_SCALAR_STYLE,
                        ScalarStyle::DoubleQuoted => yaml::YAML_DOUBLE_QUOTED_SCALAR_STYLE,
                        ScalarStyle::Literal => yaml::YAML_LITERAL_SCALAR_STYLE,
                        ScalarStyle::Folded => yaml::YAML_FOLDED_SCALAR_STYLE,
                    },
                )
                .ok
            }
            Emit::SequenceStart { anchor, tag, implicit, flow } => {
                let anchor = anchor_of(anchor);
                let style = if *flow { yaml::YAML_FLOW_SEQUENCE_STYLE } else { yaml::YAML_BLOCK_SEQUENCE_STYLE };
                yaml::yaml_sequence_start_event_initialize(
                    target,
                    pointer(&anchor),
                    terminated(tag).as_ptr(),
                    *implicit,
                    style,
                )
                .ok
            }
            Emit::SequenceEnd => yaml::yaml_sequence_end_event_initialize(target).ok,
            Emit::MappingStart { anchor, tag, implicit, flow } => {
                let anchor = anchor_of(anchor);
                let style = if *flow { yaml::YAML_FLOW_MAPPING_STYLE } else { yaml::YAML_BLOCK_MAPPING_STYLE };
                yaml::yaml_mapping_start_event_initialize(
                    target,
                    pointer(&anchor),
                    terminated(tag).as_ptr(),
                    *implicit,
                    style,
                )
                .ok
            }
            Emit::MappingEnd => yaml::yaml_mapping_end_event_initialize(target).ok,
            Emit::Alias(anchor) => yaml::yaml_alias_event_initialize(target, terminated(anchor).as_ptr()).ok,
        }
    }
}

/// SAFETY: the target is ours to initialise.
unsafe fn document_start(target: *mut yaml::yaml_event_t, explicit: bool, directives: &Directives) -> bool {
    let mut texts: Vec<(Vec<u8>, Vec<u8>)> =
        directives.tags.iter().map(|(handle, prefix)| (terminated(handle), terminated(prefix))).collect();
    // SAFETY: both structures hold only numbers and pointers, for which zero is a value; every text is NUL-terminated,
    // outlives the call and is copied by the library before it returns.
    unsafe {
        let mut version = MaybeUninit::<yaml::yaml_version_directive_t>::zeroed().assume_init();
        if let Some((major, minor)) = directives.version {
            (version.major, version.minor) = (major, minor);
        }
        let version = if directives.version.is_some() { &raw mut version } else { ptr::null_mut() };
        let mut tags = Vec::with_capacity(texts.len());
        for (handle, prefix) in &mut texts {
            let mut tag = MaybeUninit::<yaml::yaml_tag_directive_t>::zeroed().assume_init();
            (tag.handle, tag.prefix) = (handle.as_mut_ptr(), prefix.as_mut_ptr());
            tags.push(tag);
        }
        let (start, end) = if tags.is_empty() {
            (ptr::null_mut(), ptr::null_mut())
        } else {
            let range = tags.as_mut_ptr_range();
            (range.start, range.end)
        };
        yaml::yaml_document_start_event_initialize(target, version, start, end, !explicit).ok
    }
}
