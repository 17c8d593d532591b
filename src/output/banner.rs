//! Lines that end in stars.

use unicode_width::UnicodeWidthChar;

/// `text` followed by stars up to the width of the terminal, at least three.
///
/// Control characters take no cell.
pub(super) fn banner(text: &str, columns: usize) -> String {
    let text = text.trim();
    let width: usize = text.chars().filter_map(UnicodeWidthChar::width).sum();
    let stars = columns.saturating_sub(width).max(3);
    format!("{text} {}", "*".repeat(stars))
}

#[cfg(test)]
mod tests {
    use super::banner;

    #[test]
    fn widths() {
        assert_eq!(banner("TASK [debug]", 79).len(), 80);
        assert_eq!(banner("TASK [Ünïcödé 日本語 name]", 79), format!("TASK [Ünïcödé 日本語 name] {}", "*".repeat(53)));
        assert!(banner(&"x".repeat(90), 79).ends_with("x ***"));
        assert!(banner("TASK [fail msg=multi\nline] [CHECK MODE]", 79).ends_with(&format!("] {}", "*".repeat(41))));
    }
}
