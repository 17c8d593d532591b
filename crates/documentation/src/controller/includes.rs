//! What takes in other files and roles.

use churten_module::Args;
use churten_value::Dict;
use std::path::PathBuf;

/// Take in the plays of another playbook. Stands among plays.
#[derive(Args)]
pub(super) struct ImportPlaybook {
    /// The playbook, as the value of the keyword itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Take in the tasks of a role while the playbook is read.
#[derive(Args)]
pub(super) struct ImportRole {
    /// The role.
    name: String,
    /// Run the role even where it has been run before.
    #[arg(default = true)]
    allow_duplicates: bool,
    /// Let the rest of the play see the variables and defaults of the role.
    #[arg(default = true)]
    public: bool,
    /// Check the role's arguments first, where it declares them.
    #[arg(default = true)]
    rolespec_validate: bool,
    #[arg(flatten)]
    files: RoleFiles,
}

/// Take in the tasks of a file while the playbook is read.
#[derive(Args)]
pub(super) struct ImportTasks {
    /// The file.
    file: Option<String>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Take in the tasks of a role when the task is reached.
#[derive(Args)]
pub(super) struct IncludeRole {
    /// The role.
    name: String,
    /// Run the role even where it has been run before.
    #[arg(default = true)]
    allow_duplicates: bool,
    /// Keywords for the tasks that are taken in, such as `tags` or `become`.
    apply: Option<Dict>,
    /// Let the rest of the play see the variables and defaults of the role.
    #[arg(default = false)]
    public: bool,
    /// Check the role's arguments first, where it declares them.
    #[arg(default = true)]
    rolespec_validate: bool,
    #[arg(flatten)]
    files: RoleFiles,
}

/// Take in the tasks of a file when the task is reached.
#[derive(Args)]
pub(super) struct IncludeTasks {
    /// The file.
    file: Option<String>,
    /// Keywords for the tasks that are taken in, such as `tags` or `become`.
    apply: Option<Dict>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Read variables from files while the play runs.
#[derive(Args)]
pub(super) struct IncludeVars {
    /// The file, looked for in the role's `vars` first.
    file: Option<PathBuf>,
    /// A directory whose files are read in the order of their names.
    dir: Option<PathBuf>,
    /// The variable to put all of it into; without one, each becomes a variable of its own.
    name: Option<String>,
    /// How many levels of directories to read; 0 for all.
    #[arg(default = 0)]
    depth: i64,
    /// A regular expression for the names of files in `dir`.
    files_matching: Option<String>,
    /// Names of files in `dir` to leave out.
    ignore_files: Option<Vec<String>>,
    /// The endings of files in `dir` that are read.
    #[arg(default = ["json", "yaml", "yml"])]
    extensions: Vec<String>,
    /// Leave out files with other endings, instead of failing.
    #[arg(default = false)]
    ignore_unknown_extensions: bool,
    /// What happens to mappings that are there already; the setting `DEFAULT_HASH_BEHAVIOUR` when not given.
    #[arg(choices("replace", "merge"))]
    hash_behaviour: Option<String>,
    /// The file, as the value of the action itself.
    #[arg(name = "free-form")]
    free_form: Option<String>,
}

/// Which of a role's files are taken in.
#[derive(Args)]
struct RoleFiles {
    /// The file of defaults to use.
    #[arg(default = "main")]
    defaults_from: String,
    /// The file of handlers to use.
    #[arg(default = "main")]
    handlers_from: String,
    /// The file of tasks to use.
    #[arg(default = "main")]
    tasks_from: String,
    /// The file of variables to use.
    #[arg(default = "main")]
    vars_from: String,
}
