//! The grammar of `grammar.txt`, and the trees it grows.

use crate::random::Random;
use std::collections::BTreeMap;

/// A part of a production.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    /// Something of a kind, with further names known inside; a strict one is never of another kind.
    Kind {
        kind: String,
        names: Vec<String>,
        strict: bool,
    },
}

/// What a kind can be.
#[derive(Debug, Default)]
struct Rule {
    all: Vec<Vec<Piece>>,
    /// Those without kinds inside.
    ends: Vec<Vec<Piece>>,
}

/// The grammar.
#[derive(Debug)]
pub(crate) struct Grammar(BTreeMap<String, Rule>);

/// A grown template: text and subtrees.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    kind: String,
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Text(String),
    Tree(Tree),
}

impl Grammar {
    pub(crate) fn parse(text: &str) -> Self {
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        let mut kind = String::new();
        for line in text.lines() {
            if line.is_empty() || line.starts_with("## ") {
                continue;
            }
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']'))
                && !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_lowercase())
            {
                kind = name.to_owned();
                continue;
            }
            let (weight, production) = match line.split_once('*') {
                Some((weight, rest)) if !rest.is_empty() && weight.parse::<usize>().is_ok() => {
                    (weight.parse().unwrap_or(1), rest)
                }
                _ => (1, line),
            };
            let pieces = pieces(&production.replace("\\n", "\n"));
            let rule = rules.entry(kind.clone()).or_default();
            for _ in 0..weight {
                rule.all.push(pieces.clone());
            }
            if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) {
                rule.ends.push(pieces);
            }
        }
        let grammar = Self(rules);
        for piece in grammar.0.values().flat_map(|rule| rule.all.iter().flatten()) {
            if let Piece::Kind { kind, .. } = piece {
                assert!(grammar.0.contains_key(kind), "the grammar has no [{kind}]");
            }
        }
        grammar
    }

    /// A tree of a kind that is at most about `depth` deep.
    pub(crate) fn grow(&self, kind: &str, depth: usize, names: &[String], random: &mut Random) -> Tree {
        let rule = &self.0[kind];
        // A name of a loop, a macro or an assignment is the likelier the nearer it is.
        if matches!(kind, "any" | "name" | "int" | "str" | "list") && !names.is_empty() && random.percent(30) {
            let name = names[random.below(names.len())].clone();
            return Tree { kind: kind.to_owned(), parts: vec![Part::Text(name)] };
        }
        let choices = match depth {
            0 if !rule.ends.is_empty() => &rule.ends,
            _ if !rule.ends.is_empty() && random.percent(20) => &rule.ends,
            _ => &rule.all,
        };
        let parts = choices[random.below(choices.len())].iter().map(|piece| match piece {
            Piece::Text(text) => Part::Text(spaced(text, random)),
            Piece::Kind { kind, names: inner, strict } => {
                let kind = if !strict && typed(kind) && random.percent(4) { "any" } else { kind };
                // At the end of the depth a kind without an end of its own is text.
                let kind = if depth == 0 && self.0[kind].ends.is_empty() { "str" } else { kind };
                let names: Vec<String> = names.iter().chain(inner).cloned().collect();
                Part::Tree(self.grow(kind, depth.saturating_sub(1), &names, random))
            }
        });
        Tree { kind: kind.to_owned(), parts: parts.collect() }
    }
}

/// Kinds of expressions, in whose place any other may stand.
fn typed(kind: &str) -> bool {
    matches!(
        kind,
        "int"
            | "float"
            | "str"
            | "bool"
            | "list"
            | "dict"
            | "intlist"
            | "strlist"
            | "users"
            | "smallint"
            | "regex"
            | "fllist"
    )
}

/// Now and then whitespace control at the delimiters.
fn spaced(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for (plain, controlled) in [("{% ", "{%- "), (" %}", " -%}"), ("{{ ", "{{- "), (" }}", " -}}"), (" %}", " +%}")] {
        if text.contains(plain) && !text.contains("raw") && random.percent(5) {
            text = text.replacen(plain, controlled, 1);
        }
    }
    text
}

fn pieces(production: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = production;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        match rest.find('>').map(|end| &rest[1..end]).and_then(placeholder) {
            Some(piece) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(piece);
                rest = &rest[rest.find('>').map_or(rest.len(), |end| end + 1)..];
            }
            None => {
                text.push('<');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

fn placeholder(text: &str) -> Option<Piece> {
    let (text, strict) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
    let mut words = text.split('+');
    let kind = words.next()?.to_owned();
    let names: Vec<String> = words.map(str::to_owned).collect();
    // `<b>` is markup in a literal.
    let plain = kind.len() > 1 && kind.bytes().all(|byte| byte.is_ascii_lowercase());
    plain.then_some(Piece::Kind { kind, names, strict })
}

impl Tree {
    pub(crate) fn source(&self) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Tree(tree) => tree.source(),
            })
            .collect()
    }

    /// Smaller trees: one subtree replaced by a simple one or by one inside it.
    pub(crate) fn smaller(&self) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        let mut inner = Vec::new();
        self.collect(&mut inner);
        if matches!(self.kind.as_str(), "top" | "template" | "any" | "bool" | "block") {
            found.extend(inner.into_iter().filter(|tree| tree.fits(&self.kind)).cloned());
        }
        for index in 0..self.parts.len() {
            match &self.parts[index] {
                Part::Text(text) if self.kind == "text" && !text.is_empty() => {
                    found.push(self.with(index, Part::Text(String::new())));
                }
                Part::Text(text) => {
                    for (controlled, plain) in
                        [("{%-", "{%"), ("-%}", "%}"), ("{{-", "{{"), ("-}}", "}}"), ("+%}", "%}")]
                    {
                        if text.contains(controlled) {
                            found.push(self.with(index, Part::Text(text.replace(controlled, plain))));
                        }
                    }
                }
                Part::Tree(tree) => {
                    for simple in simple(&tree.kind) {
                        if tree.source() != *simple {
                            let parts = vec![Part::Text((*simple).to_owned())];
                            found.push(self.with(index, Part::Tree(Self { kind: tree.kind.clone(), parts })));
                        }
                    }
                    found.extend(tree.smaller().into_iter().map(|tree| self.with(index, Part::Tree(tree))));
                    let mut inner = Vec::new();
                    tree.collect(&mut inner);
                    found.extend(
                        inner
                            .into_iter()
                            .filter(|inner| inner.fits(&tree.kind))
                            .map(|inner| self.with(index, Part::Tree(inner.clone()))),
                    );
                }
            }
        }
        found
    }

    fn fits(&self, kind: &str) -> bool {
        let statement = |kind: &str| matches!(kind, "top" | "template" | "block" | "text");
        let apart = |kind: &str| matches!(kind, "loop" | "textfilter" | "hashname");
        !apart(&self.kind) && !apart(kind) && statement(&self.kind) == statement(kind)
    }

    fn with(&self, index: usize, part: Part) -> Self {
        let mut tree = self.clone();
        tree.parts[index] = part;
        tree
    }

    fn collect<'a>(&'a self, found: &mut Vec<&'a Self>) {
        for part in &self.parts {
            if let Part::Tree(tree) = part {
                found.push(tree);
                tree.collect(found);
            }
        }
    }
}

/// The simplest of a kind.
fn simple(kind: &str) -> &'static [&'static str] {
    match kind {
        "int" | "smallint" => &["1", "0"],
        "float" => &["1.5"],
        "bool" => &["true", "false"],
        "str" | "regex" | "replacement" => &["''", "'a'"],
        "list" | "intlist" | "strlist" | "users" | "fllist" => &["[]", "[1]", "['a']"],
        "dict" => &["{}", "{'a': 1}"],
        "any" | "name" | "undefined" => &["1", "'a'", "[]", "{}", "nope"],
        "template" | "block" | "text" => &["", "a"],
        _ => &[],
    }
}
