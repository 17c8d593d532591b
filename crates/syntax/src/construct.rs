//! From nodes to values, by the rules of ansible-core's YAML constructor.

use crate::libyaml::Mark;
use crate::node::{Content, Document, Node, NodeId};
use crate::resolver::Tag;
use crate::{DuplicateKeys, ParseOptions, problem, scalar};
use churten_diagnostics::Report;
use churten_value::{Data, Dict, Repr, Source, Tags, Value, Vaulted};
use std::sync::Arc;

/// More entries than this merged by `<<` in one document is an attack, not a document.
const MAX_MERGED: usize = 1_000_000;

/// What was found beside the value.
#[derive(Default)]
pub(crate) struct Remarks {
    pub(crate) warnings: Vec<Report>,
    pub(crate) deprecations: Vec<Report>,
}

/// A node's state in one of the two passes (trusted or `!unsafe`).
#[derive(Clone, Default)]
enum Built {
    #[default]
    No,
    Underway,
    Done(Value),
}

pub(crate) struct Constructor<'a> {
    document: Document,
    source: Source,
    options: &'a ParseOptions,
    /// Per node: as written, and inside `!unsafe`.
    built: [Vec<Built>; 2],
    flattened: Vec<bool>,
    merged: usize,
    remarks: &'a mut Remarks,
}

/// The value of a document.
pub(crate) fn construct(
    document: Document,
    source: Source,
    options: &ParseOptions,
    remarks: &mut Remarks,
) -> Result<Value, Report> {
    let count = document.nodes.len();
    let root = document.root;
    let built = [vec![Built::No; count], vec![Built::No; count]];
    let mut constructor =
        Constructor { document, source, options, built, flattened: vec![false; count], merged: 0, remarks };
    constructor.value(root, options.trusted)
}

impl Constructor<'_> {
    fn node(&self, id: NodeId) -> &Node {
        &self.document.nodes[id]
    }

    fn value(&mut self, id: NodeId, trusted: bool) -> Result<Value, Report> {
        let pass = usize::from(!trusted && self.options.trusted);
        match &self.built[pass][id] {
            Built::Done(value) => return Ok(value.clone()),
            Built::Underway => {
                return Err(self.error(None, "found unconstructable recursive node", self.node(id).start));
            }
            Built::No => {}
        }
        self.built[pass][id] = Built::Underway;
        let value = self.build(id, trusted)?;
        self.built[pass][id] = Built::Done(value.clone());
        Ok(value)
    }

    fn error(&self, context: Option<&str>, problem: &str, mark: Mark) -> Report {
        problem::marked(self.source, context, problem, mark)
    }

    fn tags(&self, id: NodeId) -> Tags {
        Tags::NONE.at(problem::origin(self.source, self.node(id).start))
    }

    fn build(&mut self, id: NodeId, trusted: bool) -> Result<Value, Report> {
        let tag = match &self.node(id).tag {
            // The content decides as if there were no tag; quotes do not count.
            Tag::Unsafe => {
                let inner = match &self.node(id).content {
                    Content::Scalar { text, .. } => Tag::implicit(text),
                    Content::Sequence(_) => Tag::Seq,
                    Content::Mapping(_) => Tag::Map,
                };
                return self.tagged(id, &inner, false);
            }
            tag => tag.clone(),
        };
        self.tagged(id, &tag, trusted)
    }

    fn tagged(&mut self, id: NodeId, tag: &Tag, trusted: bool) -> Result<Value, Report> {
        let tags = self.tags(id);
        match tag {
            Tag::Seq => {
                let items = self.items(id)?;
                let items: Vec<Value> =
                    items.into_iter().map(|item| self.value(item, trusted)).collect::<Result<_, _>>()?;
                return Ok(Value::list(items).with_tags(tags));
            }
            Tag::Map => {
                let entries = self.mapping(id, trusted)?;
                return Ok(Value::dict(entries).with_tags(tags));
            }
            Tag::Set => {
                // There is no set among our values; its members keep their order in a list.
                let entries = self.mapping(id, trusted)?;
                return Ok(Value::list(entries.keys().cloned().collect()).with_tags(tags));
            }
            Tag::OrderedMap => {
                self.deprecated("!!omap", id, "Use a standard mapping instead, as key order is always preserved.");
                return Ok(self.pairs(id, "while constructing an ordered map", trusted)?.with_tags(tags));
            }
            Tag::Pairs => {
                self.deprecated("!!pairs", id, "Use a standard mapping instead.");
                return Ok(self.pairs(id, "while constructing pairs", trusted)?.with_tags(tags));
            }
            Tag::Vault => return self.vault(id),
            Tag::Merge | Tag::Value | Tag::Other(_) | Tag::Unsafe => {
                let problem = format!("could not determine a constructor for the tag '{}'", tag.name());
                return Err(self.error(None, &problem, self.node(id).start));
            }
            _ => {}
        }
        let text = self.scalar(id)?;
        let data = match tag {
            // Python's None and booleans carry no tags.
            Tag::Null => return Ok(Value::NONE),
            Tag::Bool => return scalar::boolean(&text).map(Value::from).map_err(|e| problem::plain(self.source, e)),
            Tag::Int => scalar::integer(&text),
            Tag::Float => scalar::float(&text),
            Tag::Timestamp => scalar::timestamp(&text),
            Tag::Binary => {
                let bytes = scalar::binary(&text).map_err(|e| self.error(None, &e, self.node(id).start))?;
                return Ok(Value::bytes(bytes).with_tags(tags));
            }
            _ => return Ok(Value::str(text).with_tags(tags.trust(trusted))),
        };
        data.map(|value| value.with_tags(tags)).map_err(|e| problem::plain(self.source, e))
    }

    /// The text of a scalar; a mapping with the key `=` stands for that key's value.
    fn scalar(&self, id: NodeId) -> Result<String, Report> {
        let mut id = id;
        for _ in 0..crate::node::MAX_DEPTH {
            match &self.node(id).content {
                Content::Scalar { text, .. } => return Ok(text.clone()),
                Content::Mapping(entries) => match entries.iter().find(|(key, _)| self.node(*key).tag == Tag::Value) {
                    Some((_, value)) => id = *value,
                    None => break,
                },
                Content::Sequence(_) => break,
            }
        }
        let problem = format!("expected a scalar node, but found {}", self.node(id).content.kind());
        Err(self.error(None, &problem, self.node(id).start))
    }

    fn items(&self, id: NodeId) -> Result<Vec<NodeId>, Report> {
        match &self.node(id).content {
            Content::Sequence(items) => Ok(items.clone()),
            other => {
                let problem = format!("expected a sequence node, but found {}", other.kind());
                Err(self.error(None, &problem, self.node(id).start))
            }
        }
    }

    fn mapping(&mut self, id: NodeId, trusted: bool) -> Result<Dict, Report> {
        if !matches!(self.node(id).content, Content::Mapping(_)) {
            let problem = format!("expected a mapping node, but found {}", self.node(id).content.kind());
            return Err(self.error(None, &problem, self.node(id).start));
        }
        self.flatten(id, 0)?;
        let Content::Mapping(entries) = &self.node(id).content else { return Ok(Dict::new()) };
        let entries = entries.clone();
        let mut dict = Dict::with_capacity(entries.len());
        for (key_id, value_id) in entries {
            let key = self.value(key_id, trusted)?;
            if matches!(key.data, Data::List(_) | Data::Dict(_)) {
                let start = self.node(key_id).start;
                return Err(self.error(Some("while constructing a mapping"), "found unhashable key", start));
            }
            if dict.contains_value(&key) {
                self.duplicate(&key)?;
            }
            let value = self.value(value_id, trusted)?;
            dict.insert(key, value);
        }
        Ok(dict)
    }

    fn duplicate(&mut self, key: &Value) -> Result<(), Report> {
        let message = format!("Found duplicate mapping key {}", Repr(key));
        match self.options.duplicate_keys {
            DuplicateKeys::Ignore => {}
            DuplicateKeys::Warn => {
                let warning = Report::new(message + ".").at(key.origin()).help("Using last defined value only.");
                self.remarks.warnings.push(warning);
            }
            DuplicateKeys::Error => {
                return Err(Report::parser(format!("YAML parsing failed: {message}.")).at(key.origin()));
            }
        }
        Ok(())
    }

    /// Replace `<<` entries by what they merge: first the merged entries, then the mapping's own, as PyYAML does.
    fn flatten(&mut self, id: NodeId, depth: usize) -> Result<(), Report> {
        if depth > crate::node::MAX_DEPTH {
            return Err(self.error(None, "found unconstructable recursive node", self.node(id).start));
        }
        if std::mem::replace(&mut self.flattened[id], true) {
            return Ok(());
        }
        let Content::Mapping(entries) = &self.node(id).content else { return Ok(()) };
        let special = |key: NodeId| matches!(self.node(key).tag, Tag::Merge | Tag::Value);
        if !entries.iter().any(|(key, _)| special(*key)) {
            return Ok(());
        }
        let context = Some("while constructing a mapping");
        let entries = entries.clone();
        let (mut merged, mut own) = (Vec::new(), Vec::new());
        for (key, value) in entries {
            match self.node(key).tag {
                Tag::Merge => {}
                Tag::Value => {
                    self.document.nodes[key].tag = Tag::Str;
                    own.push((key, value));
                    continue;
                }
                _ => {
                    own.push((key, value));
                    continue;
                }
            }
            let parts = match &self.node(value).content {
                Content::Mapping(_) => vec![value],
                Content::Sequence(items) => {
                    for item in items {
                        let item = self.node(*item);
                        if !matches!(item.content, Content::Mapping(_)) {
                            let problem = format!("expected a mapping for merging, but found {}", item.content.kind());
                            return Err(self.error(context, &problem, item.start));
                        }
                    }
                    // Earlier mappings win, so they come last.
                    items.iter().rev().copied().collect()
                }
                Content::Scalar { .. } => {
                    let problem = "expected a mapping or list of mappings for merging, but found scalar";
                    return Err(self.error(context, problem, self.node(value).start));
                }
            };
            for part in parts {
                self.flatten(part, depth + 1)?;
                if let Content::Mapping(entries) = &self.document.nodes[part].content {
                    self.merged += entries.len();
                    if self.merged > MAX_MERGED {
                        return Err(self.error(None, "too many entries merged by '<<'", self.node(id).start));
                    }
                    merged.extend_from_slice(entries);
                }
            }
        }
        merged.append(&mut own);
        self.document.nodes[id].content = Content::Mapping(merged);
        Ok(())
    }

    fn pairs(&mut self, id: NodeId, context: &str, trusted: bool) -> Result<Value, Report> {
        let context = Some(context);
        let Content::Sequence(items) = &self.node(id).content else {
            let problem = format!("expected a sequence, but found {}", self.node(id).content.kind());
            return Err(self.error(context, &problem, self.node(id).start));
        };
        let mut pairs = Vec::new();
        for item in items.clone() {
            match &self.node(item).content {
                Content::Mapping(entries) => {
                    let &[(key, value)] = entries.as_slice() else {
                        let problem = format!("expected a single mapping item, but found {} items", entries.len());
                        return Err(self.error(context, &problem, self.node(item).start));
                    };
                    let pair = vec![self.value(key, trusted)?, self.value(value, trusted)?];
                    pairs.push(Value::list(pair));
                }
                other => {
                    let problem = format!("expected a mapping of length 1, but found {}", other.kind());
                    return Err(self.error(context, &problem, self.node(item).start));
                }
            }
        }
        Ok(Value::list(pairs))
    }

    fn vault(&mut self, id: NodeId) -> Result<Value, Report> {
        let Content::Scalar { text, .. } = &self.node(id).content else {
            return Err(self.error(None, "The '!vault' tag requires a string value", self.node(id).start));
        };
        let armour: Arc<str> = text.as_str().into();
        Ok(Value::from(Data::Vault(Arc::new(Vaulted { armour }))).with_tags(self.tags(id)))
    }

    fn deprecated(&mut self, tag: &str, id: NodeId, help: &str) {
        let message = format!(
            "Use of the YAML `{tag}` tag is deprecated. This feature will be removed from ansible-core version 2.23."
        );
        let report = Report::new(message).at(self.tags(id).origin()).help(help);
        self.remarks.deprecations.push(report);
    }
}
