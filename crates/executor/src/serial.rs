//! `serial`: the batches of a play's hosts.

use churten_diagnostics::Report;
use churten_value::{Data, Value};
use std::sync::Arc;

/// Split hosts into batches. Sizes are numbers or percentages of all hosts; the last one repeats; 0 and less means
/// all that are left.
pub(crate) fn batches(hosts: &[Arc<str>], sizes: &[Value]) -> Result<Vec<Vec<Arc<str>>>, Report> {
    let sizes: Vec<usize> = sizes.iter().map(|size| size_of(size, hosts.len())).collect::<Result<_, _>>()?;
    let mut rest = hosts;
    let mut batches = vec![];
    let mut position = 0;
    while !rest.is_empty() {
        let size = sizes.get(position).or(sizes.last()).copied().unwrap_or(0);
        let size = if size == 0 { rest.len() } else { size.min(rest.len()) };
        let (batch, left) = rest.split_at(size);
        batches.push(batch.to_vec());
        rest = left;
        position += 1;
    }
    Ok(batches)
}

/// 0 stands for all hosts.
fn size_of(size: &Value, total: usize) -> Result<usize, Report> {
    let invalid =
        || Report::new(format!("could not convert serial value {} to a number", size.to_text())).at(size.origin());
    let text = match &size.data {
        Data::Int(number) => return Ok(usize::try_from(*number).unwrap_or(0)),
        Data::Str(text) => text.trim(),
        _ => return Err(invalid()),
    };
    match text.strip_suffix('%') {
        Some(percent) => {
            let percent: f64 = percent.trim().parse().map_err(|_| invalid())?;
            // At least one host, or nothing would ever run.
            Ok(((percent / 100.0 * total as f64) as usize).max(1))
        }
        None => Ok(usize::try_from(text.parse::<i64>().map_err(|_| invalid())?).unwrap_or(0)),
    }
}

#[cfg(test)]
mod tests {
    use super::batches;
    use churten_value::Value;
    use std::sync::Arc;

    #[test]
    fn sizes_as_in_ansible() {
        let hosts: Vec<Arc<str>> = (0..10).map(|number| Arc::from(number.to_string())).collect();
        let cases: &[(&[Value], &[usize])] = &[
            (&[], &[10]),
            (&[3.into()], &[3, 3, 3, 1]),
            (&[1.into(), "30%".into()], &[1, 3, 3, 3]),
            (&["5%".into()], &[1; 10]),
            (&[0.into()], &[10]),
            (&["4".into(), "-1".into()], &[4, 6]),
        ];
        for (sizes, expected) in cases {
            let lengths: Vec<usize> = batches(&hosts, sizes).unwrap().iter().map(Vec::len).collect();
            assert_eq!(&lengths, expected, "{sizes:?}");
        }
        assert!(batches(&hosts, &["x".into()]).is_err());
    }
}
