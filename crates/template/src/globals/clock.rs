//! `now()`.

use crate::eval::Call;
use crate::fault::Outcome;
use crate::methods::timestamp::{from_epoch, strftime};
use crate::val::Val;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub(super) fn now(call: &mut Call<'_, '_>) -> Outcome<Val> {
    let [utc, format] = call.bind("now", ["utc", "fmt"], 0)?;
    let utc = call.flag(utc.as_ref(), false)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or(0);
    let offset = if utc { 0 } else { crate::zone::offset(seconds) };
    let when = from_epoch(seconds, since.subsec_micros(), offset, false);
    match format {
        Some(format) if format.truth()? => Ok(strftime(&when, &call.text(&format)?).into()),
        _ => Ok(Val::Timestamp(Arc::new(when))),
    }
}
