//! Facts about the controller itself.

use churten_template::user_name;
use churten_value::{Data, TimeOfDay, Timestamp, Value};
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

/// The name of the user that churten runs as.
pub(crate) fn own_user() -> &'static str {
    static NAME: OnceLock<String> = OnceLock::new();
    // The kernel gives a process's directory to whom the process belongs.
    NAME.get_or_init(|| user_name(std::fs::metadata("/proc/self").map_or(0, |metadata| metadata.uid())))
}

/// A moment as a `datetime` in the controller's time zone; `None` when it is not known.
pub(crate) fn local_time(moment: Option<SystemTime>) -> Value {
    let Some(moment) = moment else { return Value::NONE };
    let zoned = match jiff::Timestamp::try_from(moment) {
        Ok(stamp) => stamp.to_zoned(jiff::tz::TimeZone::system()),
        Err(_) => return Value::NONE,
    };
    let part = |number: i8| u8::try_from(number).unwrap_or_default();
    let time = TimeOfDay {
        hour: part(zoned.hour()),
        minute: part(zoned.minute()),
        second: part(zoned.second()),
        microsecond: u32::try_from(zoned.subsec_nanosecond() / 1000).unwrap_or_default(),
        offset: None,
    };
    let stamp = Timestamp {
        year: u16::try_from(zoned.year()).unwrap_or_default(),
        month: part(zoned.month()),
        day: part(zoned.day()),
        time: Some(time),
    };
    Data::Timestamp(Arc::new(stamp)).into()
}
