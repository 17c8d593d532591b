//! The media type of a file by its name.

use churten_module::prelude::*;

/// Where distributions keep more of them; a later file's word counts.
const FILES: [&str; 3] = ["/etc/mime.types", "/etc/httpd/mime.types", "/etc/apache2/mime.types"];

/// The commonest, as the Internet Assigned Numbers Authority names them.
const TYPES: [(&str, &str); 52] = [
    ("avi", "video/x-msvideo"),
    ("bin", "application/octet-stream"),
    ("bmp", "image/bmp"),
    ("c", "text/plain"),
    ("css", "text/css"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("eml", "message/rfc822"),
    ("exe", "application/octet-stream"),
    ("gif", "image/gif"),
    ("h", "text/plain"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("ico", "image/vnd.microsoft.icon"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("js", "text/javascript"),
    ("json", "application/json"),
    ("latex", "application/x-latex"),
    ("m3u", "application/vnd.apple.mpegurl"),
    ("man", "application/x-troff-man"),
    ("mjs", "text/javascript"),
    ("mov", "video/quicktime"),
    ("mp3", "audio/mpeg"),
    ("mp4", "video/mp4"),
    ("mpeg", "video/mpeg"),
    ("mpg", "video/mpeg"),
    ("o", "application/octet-stream"),
    ("p12", "application/x-pkcs12"),
    ("pdf", "application/pdf"),
    ("pl", "text/plain"),
    ("png", "image/png"),
    ("ps", "application/postscript"),
    ("py", "text/x-python"),
    ("rtx", "text/richtext"),
    ("sh", "application/x-sh"),
    ("so", "application/octet-stream"),
    ("svg", "image/svg+xml"),
    ("swf", "application/x-shockwave-flash"),
    ("tar", "application/x-tar"),
    ("tex", "application/x-tex"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("tsv", "text/tab-separated-values"),
    ("txt", "text/plain"),
    ("wasm", "application/wasm"),
    ("wav", "audio/x-wav"),
    ("webm", "video/webm"),
    ("xls", "application/vnd.ms-excel"),
    ("xml", "text/xml"),
    ("xsl", "application/xml"),
    ("zip", "application/zip"),
];

/// Endings of packed files, whose type is that of what is packed, and of archives that are both.
const PACKED: [&str; 4] = [".gz", ".bz2", ".xz", ".Z"];

/// The type of a file, if anybody knows it.
pub(super) fn of(host: &dyn Observe, name: &str) -> Option<String> {
    let name = PACKED.iter().find_map(|packed| name.strip_suffix(packed)).unwrap_or(name);
    let (stem, extension) = name.rsplit_once('.').filter(|(stem, _)| !stem.is_empty() && !stem.ends_with('/'))?;
    let _ = stem;
    let extension = match extension {
        "tgz" | "taz" | "txz" => "tar",
        other => other,
    };
    let of_host = FILES.iter().rev().find_map(|path| {
        let text = String::from_utf8(host.read_bounded(Path::new(path), 1 << 20).ok()?).ok()?;
        listed(&text, extension)
    });
    of_host.or_else(|| {
        let lower = extension.to_ascii_lowercase();
        TYPES.iter().find(|(known, _)| *known == lower).map(|(_, kind)| (*kind).to_owned())
    })
}

/// `text/html html htm`
fn listed(text: &str, extension: &str) -> Option<String> {
    text.lines().rev().find_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let kind = words.next()?;
        words.any(|word| word.eq_ignore_ascii_case(extension)).then(|| kind.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use churten_module::FakeHost;

    #[test]
    fn types() {
        let host = FakeHost::new();
        assert_eq!(super::of(&host, "a.json").as_deref(), Some("application/json"));
        assert_eq!(super::of(&host, "a.tar.gz").as_deref(), Some("application/x-tar"));
        assert_eq!(super::of(&host, "a.PNG").as_deref(), Some("image/png"));
        assert_eq!(super::of(&host, "plain"), None);
        assert_eq!(super::listed("# x\ntext/x a b # c\n", "b").as_deref(), Some("text/x"));
    }
}
