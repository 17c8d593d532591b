use churten_module::prelude::*;

/// Try to reach a host and run a module on it.
///
/// Says `pong`. Nothing on the host is changed.
#[derive(Args)]
pub(crate) struct Ping {
    /// What to say instead of `pong`. `crash` makes the module fail.
    #[arg(default = "pong")]
    data: String,
}

impl Action for Ping {
    const NAME: &'static str = "ping";
    const CHECK: CheckMode = CheckMode::Run;

    fn run(&self, _host: &dyn Host, _options: &Options) -> Result<Dict> {
        if self.data == "crash" {
            // As a module whose code raised an exception.
            fail!("Task failed: Module failed: boom");
        }
        Ok(Dict::from([("ping", self.data.as_str())]))
    }
}
