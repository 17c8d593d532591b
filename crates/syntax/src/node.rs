//! The node graph of one document, as PyYAML's composer builds it from events.

use crate::libyaml::{Event, EventKind, EventReader, Mark};
use crate::problem;
use crate::resolver::Tag;
use churten_diagnostics::Report;
use churten_value::Source;
use std::collections::HashMap;

/// Nesting beyond this is refused; everything that walks a value recurses.
pub(crate) const MAX_DEPTH: usize = 120;

/// More nodes than this that stand in a document by aliases alone are an attack, not a document: a few lines can stand
/// for more than any memory holds, as soon as somebody writes them out.
const MAX_ALIASED: usize = 1_000_000;

/// An index into [`Document::nodes`]. Aliases share it.
pub(crate) type NodeId = usize;

pub(crate) struct Node {
    pub(crate) tag: Tag,
    pub(crate) content: Content,
    pub(crate) start: Mark,
}

pub(crate) enum Content {
    Scalar { text: String },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
}

impl Content {
    /// The kind's name in messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Scalar { .. } => "scalar",
            Self::Sequence(_) => "sequence",
            Self::Mapping(_) => "mapping",
        }
    }
}

/// One document.
pub(crate) struct Document {
    pub(crate) nodes: Vec<Node>,
    pub(crate) root: NodeId,
    pub(crate) start: Mark,
}

pub(crate) struct Composer<'a> {
    reader: EventReader<'a>,
    source: Source,
    ahead: Option<Event>,
}

#[derive(Default)]
struct Building {
    nodes: Vec<Node>,
    anchors: HashMap<String, (NodeId, Mark)>,
    /// How many nodes each node stands for, with what its aliases stand for.
    sizes: Vec<usize>,
}

impl<'a> Composer<'a> {
    pub(crate) fn new(input: &'a [u8], source: Source) -> Self {
        Self { reader: EventReader::new(input), source, ahead: None }
    }

    fn next(&mut self) -> Result<Event, Report> {
        match self.ahead.take() {
            Some(event) => Ok(event),
            None => self.reader.next().map_err(|problem| problem::from_library(self.source, &problem)),
        }
    }

    /// The next document; `None` at the end of the stream.
    pub(crate) fn document(&mut self) -> Result<Option<Document>, Report> {
        loop {
            let event = self.next()?;
            match event.kind {
                EventKind::StreamStart => {}
                EventKind::DocumentStart => {
                    let mut building = Building::default();
                    let root = self.node(&mut building, 0)?;
                    // The end of the document is read at once: an error behind the root must be found.
                    self.next()?;
                    return Ok(Some(Document { nodes: building.nodes, root, start: event.start }));
                }
                _ => return Ok(None),
            }
        }
    }

    fn peek(&mut self) -> Result<&EventKind, Report> {
        let event = self.next()?;
        Ok(&self.ahead.insert(event).kind)
    }

    fn node(&mut self, building: &mut Building, depth: usize) -> Result<NodeId, Report> {
        let event = self.next()?;
        let start = event.start;
        if depth > MAX_DEPTH {
            return Err(problem::plain(self.source, format!("nesting deeper than {MAX_DEPTH} levels"))
                .at(Some(problem::origin(self.source, start))));
        }
        match event.kind {
            EventKind::Alias(name) => match building.anchors.get(&name) {
                Some((id, _)) => Ok(*id),
                None => Err(problem::marked(self.source, None, "found undefined alias", start)),
            },
            EventKind::Scalar { anchor, tag, text, plain_implicit, .. } => {
                let tag = match tag {
                    Some(tag) if tag != "!" => Tag::explicit(&tag),
                    _ if plain_implicit => Tag::implicit(&text),
                    _ => Tag::Str,
                };
                self.add(building, anchor, Node { tag, content: Content::Scalar { text }, start })
            }
            EventKind::SequenceStart { anchor, tag } => {
                let tag = collection_tag(tag, Tag::Seq);
                let id = self.add(building, anchor, Node { tag, content: Content::Sequence(Vec::new()), start })?;
                let mut items = Vec::new();
                while *self.peek()? != EventKind::SequenceEnd {
                    let item = self.node(building, depth + 1)?;
                    self.count(building, id, item)?;
                    items.push(item);
                }
                self.next()?;
                building.nodes[id].content = Content::Sequence(items);
                Ok(id)
            }
            EventKind::MappingStart { anchor, tag } => {
                let tag = collection_tag(tag, Tag::Map);
                let id = self.add(building, anchor, Node { tag, content: Content::Mapping(Vec::new()), start })?;
                let mut entries = Vec::new();
                while *self.peek()? != EventKind::MappingEnd {
                    let key = self.node(building, depth + 1)?;
                    self.count(building, id, key)?;
                    let value = self.node(building, depth + 1)?;
                    self.count(building, id, value)?;
                    entries.push((key, value));
                }
                self.next()?;
                building.nodes[id].content = Content::Mapping(entries);
                Ok(id)
            }
            // libyaml's grammar has no other event here.
            _ => Err(problem::plain(self.source, "unexpected end of the document")),
        }
    }

    fn add(&self, building: &mut Building, anchor: Option<String>, node: Node) -> Result<NodeId, Report> {
        let id = building.nodes.len();
        if let Some(anchor) = anchor
            && building.anchors.insert(anchor, (id, node.start)).is_some()
        {
            let context = Some("found duplicate anchor; first occurrence");
            return Err(problem::marked(self.source, context, "second occurrence", node.start));
        }
        building.nodes.push(node);
        building.sizes.push(1);
        Ok(id)
    }

    /// A node is part of a collection, perhaps not for the first time.
    fn count(&self, building: &mut Building, collection: NodeId, part: NodeId) -> Result<(), Report> {
        let size = building.sizes[collection].saturating_add(building.sizes[part]);
        building.sizes[collection] = size;
        if size.saturating_sub(building.nodes.len()) > MAX_ALIASED {
            let problem = format!("the aliases stand for more than {MAX_ALIASED} nodes");
            let mark = building.nodes[collection].start;
            return Err(problem::plain(self.source, problem).at(Some(problem::origin(self.source, mark))));
        }
        Ok(())
    }
}

fn collection_tag(tag: Option<String>, default: Tag) -> Tag {
    tag.filter(|tag| tag != "!").map_or(default, |tag| Tag::explicit(&tag))
}
