//! XML 1.0 as far as data needs it: elements, attributes, text, CDATA and character references. Document types are
//! refused, so that nothing is expanded and nothing is fetched.

/// An element.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    pub(crate) name: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) nodes: Vec<Node>,
}

/// What stands inside an element.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Node {
    Text(String),
    Element(Element),
}

/// Deeper documents are refused.
const MAX_DEPTH: usize = 400;

/// The root of a document; `None` for text that is no well-formed XML.
pub(crate) fn parse(text: &str) -> Option<Element> {
    let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
    if let Some(declaration) = rest.strip_prefix("<?xml") {
        rest = declaration.split_once("?>")?.1;
    }
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    while !rest.is_empty() {
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->")?.1;
        } else if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let (data, after) = data.split_once("]]>")?;
            open.last_mut()?.nodes.push(Node::Text(data.to_owned()));
            rest = after;
        } else if let Some(instruction) = rest.strip_prefix("<?") {
            rest = instruction.split_once("?>")?.1;
        } else if let Some(end) = rest.strip_prefix("</") {
            let (name, after) = end.split_once('>')?;
            let element = open.pop()?;
            if element.name != name.trim_end() {
                return None;
            }
            close(element, &mut open, &mut root)?;
            rest = after;
        } else if let Some(start) = rest.strip_prefix('<') {
            if open.len() >= MAX_DEPTH || (open.is_empty() && root.is_some()) {
                return None;
            }
            let (element, is_closed, after) = tag(start)?;
            if is_closed {
                close(element, &mut open, &mut root)?;
            } else {
                open.push(element);
            }
            rest = after;
        } else {
            let end = rest.find('<').unwrap_or(rest.len());
            let (text, after) = rest.split_at(end);
            match open.last_mut() {
                Some(element) => element.nodes.push(Node::Text(unescaped(text)?)),
                None if text.trim().is_empty() => {}
                None => return None,
            }
            rest = after;
        }
    }
    if open.is_empty() { root } else { None }
}

fn close(element: Element, open: &mut [Element], root: &mut Option<Element>) -> Option<()> {
    match open.last_mut() {
        Some(parent) => parent.nodes.push(Node::Element(element)),
        None if root.is_none() => *root = Some(element),
        None => return None,
    }
    Some(())
}

fn is_name(name: &str) -> bool {
    let starts = |character: char| character.is_alphabetic() || matches!(character, '_' | ':');
    name.starts_with(starts)
        && name.chars().all(|character| starts(character) || character.is_numeric() || matches!(character, '-' | '.'))
}

/// A start tag behind its `<`: the element, whether it is closed, and what follows.
fn tag(text: &str) -> Option<(Element, bool, &str)> {
    let end = text.find(|character: char| character.is_whitespace() || matches!(character, '>' | '/'))?;
    let (name, mut rest) = text.split_at(end);
    if !is_name(name) {
        return None;
    }
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    loop {
        let trimmed = rest.trim_start();
        if let Some(after) = trimmed.strip_prefix("/>") {
            return Some((element, true, after));
        }
        if let Some(after) = trimmed.strip_prefix('>') {
            return Some((element, false, after));
        }
        // White space stands between attributes.
        if trimmed.len() == rest.len() {
            return None;
        }
        let (name, after) = trimmed.split_once('=')?;
        let (name, after) = (name.trim_end(), after.trim_start());
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after.get(1..)?.split_once(quote)?;
        let known = element.attributes.iter().any(|(known, _)| known == name);
        if !is_name(name) || known || value.contains('<') {
            return None;
        }
        element.attributes.push((name.to_owned(), unescaped(&value.replace(['\n', '\t'], " "))?));
        rest = after;
    }
}

/// Text with its references replaced.
fn unescaped(text: &str) -> Option<String> {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('&') {
        out.push_str(before);
        let (name, after) = after.split_once(';')?;
        out.push(match name {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            _ => {
                let digits = name.strip_prefix('#')?;
                let code = match digits.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => digits.parse().ok()?,
                };
                char::from_u32(code)?
            }
        });
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_well_formed_is_refused() {
        for text in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a b=1/>",
            "<a b='1' b='2'/>",
            "<a>&x;</a>",
            "<!DOCTYPE a><a/>",
            "<1/>",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        let root = parse("<?xml version='1.0'?>\n<a b='&lt;'><!-- c --><c/>&#65;<![CDATA[<]]></a >\n").unwrap();
        assert_eq!(root.attributes, [("b".to_owned(), "<".to_owned())]);
        assert_eq!(root.nodes.len(), 3);
    }
}
