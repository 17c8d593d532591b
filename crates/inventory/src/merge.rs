//! Combining variables of two levels.

use churten_config::HashBehaviour;
use churten_value::{Data, Dict, Value};

/// Deeper dictionaries are replaced instead of merged.
const MAX_DEPTH: usize = 200;

/// Adds the entries of `over` to `under`: they replace, or merge into, entries of the same name.
pub fn merge_variables(under: &mut Dict, over: &Dict, behaviour: HashBehaviour) {
    match behaviour {
        HashBehaviour::Replace => under.extend_from(over),
        HashBehaviour::Merge => merge_deep(under, over, 0),
    }
}

fn merge_deep(under: &mut Dict, over: &Dict, depth: usize) {
    for (key, value) in over {
        let both = under.get_value(key).and_then(Value::as_dict).zip(value.as_dict());
        if let Some((below, above)) = both
            && depth < MAX_DEPTH
        {
            let mut merged = below.clone();
            merge_deep(&mut merged, above, depth + 1);
            under.insert(key.clone(), Value::from(Data::Dict(merged.into())).with_tags(value.tags));
        } else {
            under.insert(key.clone(), value.clone());
        }
    }
}
