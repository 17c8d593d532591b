//! `community.general.random_string`: the same text for the same seed as upstream's; without one from the system.

use super::{Lookup, Plugin};
use crate::fault::{Fault, Outcome};
use crate::twister::Random;
use crate::val::Val;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

pub(super) const TABLE: &[Plugin] = &[Plugin::new("community.general.random_string", random_string)];

const NAME: &str = "random_string";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";
const SPECIAL: &str = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";
/// Longer texts are refused.
const MAX_LENGTH: i64 = 10_000_000;

fn random_string(lookup: &mut Lookup<'_, '_>) -> Outcome<Vec<Val>> {
    let seed = lookup.text_option("seed")?;
    let length = lookup.integer_option(NAME, "length", 8)?;
    let encoded = lookup.truth_option("base64", false);
    let all = lookup.text_option("override_all")?.filter(|all| !all.is_empty());
    let special = lookup.text_option("override_special")?.filter(|special| !special.is_empty());
    let similar = lookup.text_option("similar_chars")?.unwrap_or_else(|| "il1LoO0".to_owned());
    let ignored = if lookup.truth_option("ignore_similar_chars", false) { similar } else { String::new() };
    let kept = |set: &str| set.chars().filter(|character| !ignored.contains(*character)).collect::<Vec<char>>();
    // What somebody names is taken as it is.
    let special = special.map_or_else(|| kept(SPECIAL), |special| special.chars().collect());
    let (upper, lower, digits) = (kept(UPPER), kept(LOWER), kept(DIGITS));
    let mut available = Vec::new();
    for (name, set) in [("upper", &upper), ("lower", &lower), ("numbers", &digits), ("special", &special)] {
        if lookup.truth_option(name, true) {
            available.extend(set);
        }
    }
    let mut least = Vec::new();
    for (name, set) in
        [("min_numeric", &digits), ("min_lower", &lower), ("min_upper", &upper), ("min_special", &special)]
    {
        least.push((set, lookup.integer_option(NAME, name, 0)?));
    }
    if length > MAX_LENGTH || least.iter().any(|(_, count)| *count > MAX_LENGTH) {
        return Err(Fault::python(format!("a text of more than {MAX_LENGTH} characters is refused")));
    }
    if let Some(all) = all {
        available = all.chars().collect();
        least.clear();
    }
    let mut random = seed.as_ref().map_or(Random::System, |seed| Random::from_text(seed));
    let mut found: Vec<char> = Vec::new();
    let mut draw = |set: &[char], count: i64, found: &mut Vec<char>| -> Outcome<()> {
        for _ in 0..count {
            if set.is_empty() {
                return Err(Fault::python("Available characters cannot be None, please change constraints"));
            }
            found.extend(set.get(random.index(set.len())));
        }
        Ok(())
    };
    for (set, count) in least {
        draw(set, count, &mut found)?;
    }
    let rest = length - i64::try_from(found.len()).unwrap_or(i64::MAX);
    if available.is_empty() {
        return Err(Fault::python("Available characters cannot be None, please change constraints"));
    }
    draw(&available, rest, &mut found)?;
    if seed.is_none() {
        Random::System.shuffle(&mut found);
    }
    let text: String = found.into_iter().collect();
    Ok(vec![if encoded { STANDARD.encode(text).into() } else { text.into() }])
}
