//! `community.general.to_prettytable`: dictionaries as a table of text.

use crate::eval::Call;
use crate::fault::{Fault, Outcome};
use crate::filters::Filter;
use crate::val::{Key, Val};

pub(super) const TABLE: &[Filter] = &[Filter::new("community.general.to_prettytable", to_pretty_table)];

#[derive(Clone, Copy)]
enum Align {
    Left,
    Centre,
    Right,
}

/// A value's class in upstream's words.
fn class(value: &Val) -> &'static str {
    match value {
        Val::Str(_) => "string",
        Val::Tuple(_) => "_AnsibleLazyAccessTuple",
        other => other.plugin_class(),
    }
}

fn expected(what: &str, value: &Val) -> Fault {
    Fault::python(format!("Expected a {what}, got a {}", class(value)))
}

fn to_pretty_table(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let order = call.take_keyword("column_order");
    let headers = call.take_keyword("header_names");
    let alignments = call.take_keyword("column_alignments");
    if !call.keyword.is_empty() {
        let names: Vec<&str> = call.keyword.iter().map(|(name, _)| &**name).collect();
        let names = names.join(", ");
        return Err(Fault::python(format!("Unknown parameter(s) for to_prettytable filter: {names}")));
    }
    let mut positional = std::mem::take(&mut call.positional).into_iter();
    let data = positional.next().unwrap_or(Val::None);
    let columns: Vec<Val> = positional.collect();
    let Val::List(_) = data else { return Err(expected("list of dictionaries", &data)) };
    let mut rows = Vec::new();
    for item in call.items(&data)? {
        match call.session.mapping(&item) {
            Some(row) => rows.push(row),
            None => {
                let class = class(&item);
                let text = format!("Expected all items in the list to be dictionaries, got a {class}");
                return Err(Fault::python(text));
            }
        }
    }
    let mut order = texts(call, order, "column name", columns)?.unwrap_or_default();
    let headers = texts(call, headers, "header name", Vec::new())?;
    let alignments = read_alignments(call, alignments)?;
    let Some(first) = rows.first() else { return Ok("++\n++".into()) };
    if order.is_empty() {
        order = first.keys().into_iter().map(Key::into_value).collect();
    }
    if order.is_empty() {
        return Err(Fault::python("max() arg is an empty sequence"));
    }
    let mut cells: Vec<Vec<String>> = Vec::new();
    for row in &rows {
        let cell = |name: &Val| match row.get(&Key::new(name.clone())?) {
            Some(slot) => call.text(&call.session.slot(&slot).defined()?),
            None => Ok(String::new()),
        };
        cells.push(order.iter().map(cell).collect::<Outcome<_>>()?);
    }
    let names: Vec<String> = match headers {
        // The library numbers the columns of a table without names.
        Some(names) if names.is_empty() => (1..=order.len()).map(|number| format!("Field {number}")).collect(),
        Some(names) => names.iter().map(|name| call.text(name)).collect::<Outcome<_>>()?,
        None => order.iter().map(|name| call.text(name)).collect::<Outcome<_>>()?,
    };
    if names.iter().enumerate().any(|(index, name)| names.iter().skip(index + 1).any(|other| other == name)) {
        return Err(Fault::python("Field names must be unique"));
    }
    if names.len() != order.len() {
        let (found, wanted) = (order.len(), names.len());
        return Err(Fault::python(format!(
            "Row has incorrect number of values, (actual) {found}!={wanted} (expected)"
        )));
    }
    let align =
        |name: &String| alignments.iter().find(|(known, _)| known == name).map_or(Align::Centre, |(_, align)| *align);
    Ok(drawn(&names, &cells, &names.iter().map(align).collect::<Vec<_>>()).into())
}

/// The names of an option that is a list, or those given in another way.
fn texts(call: &Call<'_, '_>, value: Option<Val>, what: &str, others: Vec<Val>) -> Outcome<Option<Vec<Val>>> {
    let names = match value.filter(|value| !value.is_none()) {
        Some(list @ Val::List(_)) => call.items(&list)?,
        Some(other) => return Err(expected(&format!("list of {what}s"), &other)),
        None if others.is_empty() => return Ok(None),
        None => others,
    };
    match names.iter().find(|name| name.as_str().is_none()) {
        Some(other) => Err(Fault::python(format!("Expected a string for {what}, got a {}", class(other)))),
        None => Ok(Some(names)),
    }
}

fn read_alignments(call: &Call<'_, '_>, value: Option<Val>) -> Outcome<Vec<(String, Align)>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(Vec::new()) };
    let Some(entries) = call.session.mapping(&value) else {
        return Err(Fault::python(format!("Expected a dictionary for column_alignments, got a {}", class(&value))));
    };
    let mut found = Vec::new();
    for (name, align) in call.pairs(&entries)? {
        let Val::Str(word) = &align else {
            let class = class(&align);
            return Err(Fault::python(format!("Expected a string for column_alignments value, got a {class}")));
        };
        let align = match word.to_lowercase().as_str() {
            "l" | "left" => Align::Left,
            "c" | "center" => Align::Centre,
            "r" | "right" => Align::Right,
            _ => {
                return Err(Fault::python(format!(
                    "Invalid alignment '{}' in 'column_alignments'. Valid alignments are: c, center, l, left, r, right",
                    &**word
                )));
            }
        };
        found.push((call.text(name.value())?, align));
    }
    Ok(found)
}

fn width(text: &str) -> usize {
    // East Asian characters are two columns wide.
    let wide = |character: char| {
        matches!(character as u32,
            0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff | 0xfe30..=0xfe6f | 0xff00..=0xff60 |
            0xffe0..=0xffe6 | 0x1f300..=0x1f64f | 0x1f900..=0x1f9ff | 0x20000..=0x3fffd)
    };
    text.chars().map(|character| 1 + usize::from(wide(character))).sum()
}

fn padded(text: &str, to: usize, align: Align) -> String {
    let size = width(text);
    let excess = to.saturating_sub(size);
    let (left, right) = match align {
        Align::Left => (0, excess),
        Align::Right => (excess, 0),
        // Text of even length leans to the right.
        Align::Centre if excess % 2 == 1 && size.is_multiple_of(2) => (excess / 2 + 1, excess / 2),
        Align::Centre => (excess / 2, excess - excess / 2),
    };
    format!("{}{text}{}", " ".repeat(left), " ".repeat(right))
}

fn drawn(names: &[String], cells: &[Vec<String>], alignments: &[Align]) -> String {
    let longest = |text: &String| text.lines().map(width).max().unwrap_or(0);
    let widths: Vec<usize> = names
        .iter()
        .enumerate()
        .map(|(index, name)| {
            cells.iter().filter_map(|row| row.get(index)).map(longest).chain([width(name)]).max().unwrap_or(0)
        })
        .collect();
    let rule: String = widths.iter().map(|width| format!("+{}", "-".repeat(width + 2))).collect::<String>() + "+";
    let line = |texts: Vec<&str>| {
        let fields = texts.iter().zip(&widths).zip(alignments);
        fields.map(|((text, width), align)| format!("| {} ", padded(text, *width, *align))).collect::<String>() + "|"
    };
    let mut lines = vec![rule.clone(), line(names.iter().map(String::as_str).collect()), rule.clone()];
    for row in cells {
        let height = row.iter().map(|cell| cell.lines().count()).max().unwrap_or(1).max(1);
        for at in 0..height {
            lines.push(line(row.iter().map(|cell| cell.lines().nth(at).unwrap_or("")).collect()));
        }
    }
    lines.push(rule);
    lines.join("\n")
}
