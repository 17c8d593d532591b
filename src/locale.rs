//! The locale of the user, judged as Ansible judges it before anything else: one that the C library does not know, or
//! whose characters are not UTF-8, is refused.
#![expect(unsafe_code, reason = "locales are objects of the C library")]

use std::ffi::{CStr, CString};

/// What stands for the locale `C` in a category of its own, as PEP 538 does it, where `LC_ALL` does not forbid it.
const COERCED: &CStr = c"C.UTF-8";

/// A locale of the C library, for asking only: nothing in this process is switched to it.
struct Locale(libc::locale_t);

impl Locale {
    /// `None` if the C library does not have it. The empty name stands for what the environment says.
    fn open(categories: libc::c_int, name: &CStr) -> Option<Self> {
        // SAFETY: the name ends with a zero byte and is only read; without a base a new object is made.
        let locale = unsafe { libc::newlocale(categories, name.as_ptr(), std::ptr::null_mut()) };
        if locale.is_null() { None } else { Some(Self(locale)) }
    }

    /// The name of its character encoding.
    fn encoding(&self) -> String {
        // SAFETY: the locale is open, and the text is copied before it is closed.
        let name = unsafe { CStr::from_ptr(libc::nl_langinfo_l(libc::CODESET, self.0)) };
        name.to_string_lossy().into_owned()
    }
}

impl Drop for Locale {
    fn drop(&mut self) {
        // SAFETY: it was made by `newlocale` and is not used again.
        unsafe { libc::freelocale(self.0) }
    }
}

/// Why this program would not run under the locale of its environment; `None` if it does.
pub(crate) fn refusal() -> Option<String> {
    const UNKNOWN: &str = "ERROR: Ansible could not initialize the preferred locale: unsupported locale setting\n";
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let all = variable("LC_ALL");
    let characters = all.clone().or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
    let characters = characters.unwrap_or_else(|| "C".to_owned());
    let is_c = matches!(characters.as_str(), "C" | "POSIX");
    let locale = CString::new(characters).ok().and_then(|name| Locale::open(libc::LC_CTYPE_MASK, &name));
    if all.is_none() && (is_c || locale.is_none()) && Locale::open(libc::LC_CTYPE_MASK, COERCED).is_some() {
        return Locale::open(libc::LC_ALL_MASK & !libc::LC_CTYPE_MASK, c"").is_none().then(|| UNKNOWN.to_owned());
    }
    let Some(locale) = locale.filter(|_| Locale::open(libc::LC_ALL_MASK, c"").is_some()) else {
        return Some(UNKNOWN.to_owned());
    };
    let encoding = locale.encoding();
    if !is_c && (encoding.eq_ignore_ascii_case("UTF-8") || encoding.eq_ignore_ascii_case("UTF8")) {
        return None;
    }
    let name = if is_c { "None".to_owned() } else { python_name(&encoding) };
    Some(format!("ERROR: Ansible requires the locale encoding to be UTF-8; Detected {name}.\n"))
}

/// As Python writes it: ISO-8859-15 is ISO8859-15, EUC-JP is eucJP.
fn python_name(encoding: &str) -> String {
    match (encoding.strip_prefix("ISO-8859-"), encoding.strip_prefix("EUC-")) {
        (Some(part), _) => format!("ISO8859-{part}"),
        (_, Some(country)) => format!("euc{country}"),
        _ => encoding.to_owned(),
    }
}
