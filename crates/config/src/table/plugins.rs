//! Written by generate/tables.py; do not edit.

use super::definition::Default::{Flag, Items, Null, Number, Pairs, Text};
use super::definition::{Definition, PluginOptions};

/// The options of the plugins churten replaces, as ansible-core 2.19.14 declares them.
pub static PLUGINS: &[PluginOptions] = &[
    PluginOptions {
        kind: "become",
        name: "runas",
        options: &[
            Definition::new("become_flags", "", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_RUNAS_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("runas_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_runas_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_RUNAS_PASS"])
                .ini(&[("runas_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_runas_pass"]),
            Definition::new("become_user", "", Null)
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_RUNAS_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("runas_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_runas_user"])
                .keywords(&["become_user"])
                .required(),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "su",
        options: &[
            Definition::new("become_exe", "", Text("su"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_SU_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("su_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_su_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_SU_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("su_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_su_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_SU_PASS"])
                .ini(&[("su_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_su_pass"]),
            Definition::new("become_user", "", Text("root"))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_SU_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("su_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_su_user"])
                .keywords(&["become_user"]),
            Definition::new("prompt_l10n", "list", Items(&[]))
                .env(&["ANSIBLE_SU_PROMPT_L10N"])
                .ini(&[("su_become_plugin", "localized_prompts")])
                .vars(&["ansible_su_prompt_l10n"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "sudo",
        options: &[
            Definition::new("become_exe", "", Text("sudo"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_SUDO_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("sudo_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_sudo_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "", Text("-H -S -n"))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_SUDO_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("sudo_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_sudo_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_SUDO_PASS"])
                .ini(&[("sudo_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_sudo_pass"]),
            Definition::new("become_user", "", Text("root"))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_SUDO_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("sudo_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_sudo_user"])
                .keywords(&["become_user"]),
            Definition::new("sudo_chdir", "string", Null)
                .env(&["ANSIBLE_SUDO_CHDIR"])
                .ini(&[("sudo_become_plugin", "chdir")])
                .vars(&["ansible_sudo_chdir"]),
        ],
    },
    PluginOptions {
        kind: "cache",
        name: "jsonfile",
        options: &[
            Definition::new("_prefix", "", Null)
                .env(&["ANSIBLE_CACHE_PLUGIN_PREFIX"])
                .ini(&[("defaults", "fact_caching_prefix")]),
            Definition::new("_timeout", "integer", Number(86400))
                .env(&["ANSIBLE_CACHE_PLUGIN_TIMEOUT"])
                .ini(&[("defaults", "fact_caching_timeout")]),
            Definition::new("_uri", "path", Null)
                .env(&["ANSIBLE_CACHE_PLUGIN_CONNECTION"])
                .ini(&[("defaults", "fact_caching_connection")])
                .required(),
        ],
    },
    PluginOptions { kind: "cache", name: "memory", options: &[] },
    PluginOptions {
        kind: "callback",
        name: "default",
        options: &[
            Definition::new("check_mode_markers", "bool", Flag(false))
                .env(&["ANSIBLE_CHECK_MODE_MARKERS"])
                .ini(&[("defaults", "check_mode_markers")]),
            Definition::new("display_failed_stderr", "bool", Flag(false))
                .env(&["ANSIBLE_DISPLAY_FAILED_STDERR"])
                .ini(&[("defaults", "display_failed_stderr")]),
            Definition::new("display_ok_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_OK_HOSTS"])
                .ini(&[("defaults", "display_ok_hosts")]),
            Definition::new("display_skipped_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_SKIPPED_HOSTS"])
                .ini(&[("defaults", "display_skipped_hosts")]),
            Definition::new("pretty_results", "bool", Null)
                .env(&["ANSIBLE_CALLBACK_FORMAT_PRETTY"])
                .ini(&[("defaults", "callback_format_pretty")]),
            Definition::new("result_format", "str", Text("json"))
                .env(&["ANSIBLE_CALLBACK_RESULT_FORMAT"])
                .ini(&[("defaults", "callback_result_format")])
                .choices(&["json", "yaml"]),
            Definition::new("show_custom_stats", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
                .ini(&[("defaults", "show_custom_stats")]),
            Definition::new("show_per_host_start", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_PER_HOST_START"])
                .ini(&[("defaults", "show_per_host_start")]),
            Definition::new("show_task_path_on_failure", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_TASK_PATH_ON_FAILURE"])
                .ini(&[("defaults", "show_task_path_on_failure")]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "junit",
        options: &[
            Definition::new("fail_on_change", "", Flag(false)).env(&["JUNIT_FAIL_ON_CHANGE"]),
            Definition::new("fail_on_ignore", "", Flag(false)).env(&["JUNIT_FAIL_ON_IGNORE"]),
            Definition::new("hide_task_arguments", "", Flag(false)).env(&["JUNIT_HIDE_TASK_ARGUMENTS"]),
            Definition::new("include_setup_tasks_in_report", "", Flag(true))
                .env(&["JUNIT_INCLUDE_SETUP_TASKS_IN_REPORT"]),
            Definition::new("output_dir", "", Text("~/.ansible.log")).env(&["JUNIT_OUTPUT_DIR"]),
            Definition::new("replace_out_of_tree_path", "", Text("none")).env(&["JUNIT_REPLACE_OUT_OF_TREE_PATH"]),
            Definition::new("task_class", "", Flag(false)).env(&["JUNIT_TASK_CLASS"]),
            Definition::new("task_relative_path", "", Text("none")).env(&["JUNIT_TASK_RELATIVE_PATH"]),
            Definition::new("test_case_prefix", "", Text("<empty>")).env(&["JUNIT_TEST_CASE_PREFIX"]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "minimal",
        options: &[
            Definition::new("pretty_results", "bool", Null)
                .env(&["ANSIBLE_CALLBACK_FORMAT_PRETTY"])
                .ini(&[("defaults", "callback_format_pretty")]),
            Definition::new("result_format", "str", Text("json"))
                .env(&["ANSIBLE_CALLBACK_RESULT_FORMAT"])
                .ini(&[("defaults", "callback_result_format")])
                .choices(&["json", "yaml"]),
        ],
    },
    PluginOptions { kind: "callback", name: "oneline", options: &[] },
    PluginOptions {
        kind: "callback",
        name: "tree",
        options: &[Definition::new("directory", "path", Text("~/.ansible/tree"))
            .env(&["ANSIBLE_CALLBACK_TREE_DIR"])
            .ini(&[("callback_tree", "directory")])],
    },
    PluginOptions {
        kind: "connection",
        name: "local",
        options: &[
            Definition::new("become_strip_preamble", "bool", Flag(true)).vars(&["ansible_local_become_strip_preamble"]),
            Definition::new("become_success_timeout", "int", Number(10))
                .vars(&["ansible_local_become_success_timeout"]),
            Definition::new("pipelining", "boolean", Flag(false))
                .env(&["ANSIBLE_PIPELINING"])
                .ini(&[("defaults", "pipelining"), ("connection", "pipelining")])
                .vars(&["ansible_pipelining"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "paramiko_ssh",
        options: &[
            Definition::new("banner_timeout", "float", Number(30))
                .env(&["ANSIBLE_PARAMIKO_BANNER_TIMEOUT"])
                .ini(&[("paramiko_connection", "banner_timeout")]),
            Definition::new("host_key_auto_add", "boolean", Null)
                .env(&["ANSIBLE_PARAMIKO_HOST_KEY_AUTO_ADD"])
                .ini(&[("paramiko_connection", "host_key_auto_add")]),
            Definition::new("host_key_checking", "boolean", Flag(true))
                .env(&[
                    "ANSIBLE_HOST_KEY_CHECKING",
                    "ANSIBLE_SSH_HOST_KEY_CHECKING",
                    "ANSIBLE_PARAMIKO_HOST_KEY_CHECKING",
                ])
                .ini(&[("defaults", "host_key_checking"), ("paramiko_connection", "host_key_checking")])
                .vars(&[
                    "ansible_host_key_checking",
                    "ansible_ssh_host_key_checking",
                    "ansible_paramiko_host_key_checking",
                ]),
            Definition::new("look_for_keys", "boolean", Flag(true))
                .env(&["ANSIBLE_PARAMIKO_LOOK_FOR_KEYS"])
                .ini(&[("paramiko_connection", "look_for_keys")]),
            Definition::new("password", "string", Null).vars(&[
                "ansible_password",
                "ansible_ssh_pass",
                "ansible_ssh_password",
                "ansible_paramiko_pass",
                "ansible_paramiko_password",
            ]),
            Definition::new("port", "int", Number(22))
                .env(&["ANSIBLE_REMOTE_PORT", "ANSIBLE_REMOTE_PARAMIKO_PORT"])
                .ini(&[("defaults", "remote_port"), ("paramiko_connection", "remote_port")])
                .vars(&["ansible_port", "ansible_ssh_port", "ansible_paramiko_port"])
                .keywords(&["port"]),
            Definition::new("private_key_file", "string", Null)
                .env(&["ANSIBLE_PRIVATE_KEY_FILE", "ANSIBLE_PARAMIKO_PRIVATE_KEY_FILE"])
                .ini(&[("defaults", "private_key_file"), ("paramiko_connection", "private_key_file")])
                .vars(&[
                    "ansible_private_key_file",
                    "ansible_ssh_private_key_file",
                    "ansible_paramiko_private_key_file",
                ])
                .cli(&["private_key_file"]),
            Definition::new("proxy_command", "string", Text(""))
                .env(&["ANSIBLE_PARAMIKO_PROXY_COMMAND"])
                .ini(&[("paramiko_connection", "proxy_command")])
                .vars(&["ansible_paramiko_proxy_command"]),
            Definition::new("pty", "boolean", Flag(true))
                .env(&["ANSIBLE_PARAMIKO_PTY"])
                .ini(&[("paramiko_connection", "pty")]),
            Definition::new("record_host_keys", "boolean", Flag(true))
                .env(&["ANSIBLE_PARAMIKO_RECORD_HOST_KEYS"])
                .ini(&[("paramiko_connection", "record_host_keys")]),
            Definition::new("remote_addr", "string", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_ssh_host",
                "ansible_paramiko_host",
            ]),
            Definition::new("remote_user", "string", Null)
                .env(&["ANSIBLE_REMOTE_USER", "ANSIBLE_PARAMIKO_REMOTE_USER"])
                .ini(&[("defaults", "remote_user"), ("paramiko_connection", "remote_user")])
                .vars(&["ansible_user", "ansible_ssh_user", "ansible_paramiko_user"])
                .keywords(&["remote_user"]),
            Definition::new("timeout", "int", Number(10))
                .env(&["ANSIBLE_TIMEOUT", "ANSIBLE_SSH_TIMEOUT", "ANSIBLE_PARAMIKO_TIMEOUT"])
                .ini(&[("defaults", "timeout"), ("ssh_connection", "timeout"), ("paramiko_connection", "timeout")])
                .vars(&["ansible_ssh_timeout", "ansible_paramiko_timeout"])
                .cli(&["timeout"]),
            Definition::new("use_persistent_connections", "boolean", Flag(false))
                .env(&["ANSIBLE_USE_PERSISTENT_CONNECTIONS"])
                .ini(&[("defaults", "use_persistent_connections")]),
            Definition::new("use_rsa_sha2_algorithms", "boolean", Flag(true))
                .env(&["ANSIBLE_PARAMIKO_USE_RSA_SHA2_ALGORITHMS"])
                .ini(&[("paramiko_connection", "use_rsa_sha2_algorithms")])
                .vars(&["ansible_paramiko_use_rsa_sha2_algorithms"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "psrp",
        options: &[
            Definition::new("auth", "str", Text("negotiate")).vars(&["ansible_psrp_auth"]).choices(&[
                "basic",
                "certificate",
                "negotiate",
                "kerberos",
                "ntlm",
                "credssp",
            ]),
            Definition::new("ca_cert", "path", Null).vars(&["ansible_psrp_cert_trust_path", "ansible_psrp_ca_cert"]),
            Definition::new("cert_validation", "str", Text("validate"))
                .vars(&["ansible_psrp_cert_validation"])
                .choices(&["validate", "ignore"]),
            Definition::new("certificate_key_pem", "path", Null).vars(&["ansible_psrp_certificate_key_pem"]),
            Definition::new("certificate_pem", "path", Null).vars(&["ansible_psrp_certificate_pem"]),
            Definition::new("configuration_name", "str", Text("Microsoft.PowerShell"))
                .vars(&["ansible_psrp_configuration_name"]),
            Definition::new("connection_timeout", "int", Number(30)).vars(&["ansible_psrp_connection_timeout"]),
            Definition::new("credssp_auth_mechanism", "str", Text("auto"))
                .vars(&["ansible_psrp_credssp_auth_mechanism"])
                .choices(&["auto", "kerberos", "ntlm"]),
            Definition::new("credssp_disable_tlsv1_2", "bool", Flag(false))
                .vars(&["ansible_psrp_credssp_disable_tlsv1_2"]),
            Definition::new("credssp_minimum_version", "int", Number(2))
                .vars(&["ansible_psrp_credssp_minimum_version"]),
            Definition::new("ignore_proxy", "bool", Flag(false)).vars(&["ansible_psrp_ignore_proxy"]),
            Definition::new("max_envelope_size", "int", Number(153600)).vars(&["ansible_psrp_max_envelope_size"]),
            Definition::new("message_encryption", "str", Text("auto"))
                .vars(&["ansible_psrp_message_encryption"])
                .choices(&["auto", "always", "never"]),
            Definition::new("negotiate_delegate", "bool", Null).vars(&["ansible_psrp_negotiate_delegate"]),
            Definition::new("negotiate_hostname_override", "str", Null)
                .vars(&["ansible_psrp_negotiate_hostname_override"]),
            Definition::new("negotiate_send_cbt", "bool", Flag(true)).vars(&["ansible_psrp_negotiate_send_cbt"]),
            Definition::new("negotiate_service", "str", Text("WSMAN")).vars(&["ansible_psrp_negotiate_service"]),
            Definition::new("operation_timeout", "int", Number(20)).vars(&["ansible_psrp_operation_timeout"]),
            Definition::new("path", "str", Text("wsman")).vars(&["ansible_psrp_path"]),
            Definition::new("pipelining", "boolean", Flag(false))
                .env(&["ANSIBLE_PIPELINING"])
                .ini(&[("defaults", "pipelining"), ("connection", "pipelining")])
                .vars(&["ansible_pipelining"]),
            Definition::new("port", "int", Null).vars(&["ansible_port", "ansible_psrp_port"]).keywords(&["port"]),
            Definition::new("protocol", "str", Null).vars(&["ansible_psrp_protocol"]).choices(&["http", "https"]),
            Definition::new("proxy", "str", Null).vars(&["ansible_psrp_proxy"]),
            Definition::new("read_timeout", "int", Number(30)).vars(&["ansible_psrp_read_timeout"]),
            Definition::new("reconnection_backoff", "int", Number(2))
                .vars(&["ansible_psrp_connection_backoff", "ansible_psrp_reconnection_backoff"]),
            Definition::new("reconnection_retries", "int", Number(0)).vars(&["ansible_psrp_reconnection_retries"]),
            Definition::new("remote_addr", "str", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_psrp_host",
            ]),
            Definition::new("remote_password", "str", Null).vars(&[
                "ansible_password",
                "ansible_winrm_pass",
                "ansible_winrm_password",
            ]),
            Definition::new("remote_user", "str", Null)
                .vars(&["ansible_user", "ansible_psrp_user"])
                .keywords(&["remote_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "ssh",
        options: &[
            Definition::new("control_path", "string", Null)
                .env(&["ANSIBLE_SSH_CONTROL_PATH"])
                .ini(&[("ssh_connection", "control_path")])
                .vars(&["ansible_control_path"]),
            Definition::new("control_path_dir", "string", Text("~/.ansible/cp"))
                .env(&["ANSIBLE_SSH_CONTROL_PATH_DIR"])
                .ini(&[("ssh_connection", "control_path_dir")])
                .vars(&["ansible_control_path_dir"]),
            Definition::new("host", "string", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_ssh_host",
                "delegated_vars['ansible_host']",
                "delegated_vars['ansible_ssh_host']",
            ]),
            Definition::new("host_key_checking", "boolean", Flag(true))
                .env(&["ANSIBLE_HOST_KEY_CHECKING", "ANSIBLE_SSH_HOST_KEY_CHECKING"])
                .ini(&[("defaults", "host_key_checking"), ("ssh_connection", "host_key_checking")])
                .vars(&["ansible_host_key_checking", "ansible_ssh_host_key_checking"]),
            Definition::new("password", "string", Null).vars(&[
                "ansible_password",
                "ansible_ssh_pass",
                "ansible_ssh_password",
            ]),
            Definition::new("password_mechanism", "string", Text("ssh_askpass"))
                .env(&["ANSIBLE_SSH_PASSWORD_MECHANISM"])
                .ini(&[("ssh_connection", "password_mechanism")])
                .vars(&["ansible_ssh_password_mechanism"])
                .choices(&["ssh_askpass", "sshpass", "disable"]),
            Definition::new("pipelining", "boolean", Flag(false))
                .env(&["ANSIBLE_PIPELINING", "ANSIBLE_SSH_PIPELINING"])
                .ini(&[("defaults", "pipelining"), ("connection", "pipelining"), ("ssh_connection", "pipelining")])
                .vars(&["ansible_pipelining", "ansible_ssh_pipelining"]),
            Definition::new("pkcs11_provider", "string", Text(""))
                .env(&["ANSIBLE_PKCS11_PROVIDER"])
                .ini(&[("ssh_connection", "pkcs11_provider")])
                .vars(&["ansible_ssh_pkcs11_provider"]),
            Definition::new("port", "int", Null)
                .env(&["ANSIBLE_REMOTE_PORT"])
                .ini(&[("defaults", "remote_port")])
                .vars(&["ansible_port", "ansible_ssh_port"])
                .keywords(&["port"]),
            Definition::new("private_key", "string", Null)
                .env(&["ANSIBLE_PRIVATE_KEY"])
                .vars(&["ansible_private_key", "ansible_ssh_private_key"]),
            Definition::new("private_key_file", "string", Null)
                .env(&["ANSIBLE_PRIVATE_KEY_FILE"])
                .ini(&[("defaults", "private_key_file")])
                .vars(&["ansible_private_key_file", "ansible_ssh_private_key_file"])
                .cli(&["private_key_file"]),
            Definition::new("private_key_passphrase", "string", Null)
                .env(&["ANSIBLE_PRIVATE_KEY_PASSPHRASE"])
                .vars(&["ansible_private_key_passphrase", "ansible_ssh_private_key_passphrase"]),
            Definition::new("reconnection_retries", "integer", Number(0))
                .env(&["ANSIBLE_SSH_RETRIES"])
                .ini(&[("connection", "retries"), ("ssh_connection", "retries")])
                .vars(&["ansible_ssh_retries"]),
            Definition::new("remote_user", "string", Null)
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user", "ansible_ssh_user"])
                .keywords(&["remote_user"])
                .cli(&["user"]),
            Definition::new("scp_executable", "string", Text("scp"))
                .env(&["ANSIBLE_SCP_EXECUTABLE"])
                .ini(&[("ssh_connection", "scp_executable")])
                .vars(&["ansible_scp_executable"]),
            Definition::new("scp_extra_args", "string", Text(""))
                .env(&["ANSIBLE_SCP_EXTRA_ARGS"])
                .ini(&[("ssh_connection", "scp_extra_args")])
                .vars(&["ansible_scp_extra_args"])
                .cli(&["scp_extra_args"]),
            Definition::new("sftp_batch_mode", "bool", Flag(true))
                .env(&["ANSIBLE_SFTP_BATCH_MODE"])
                .ini(&[("ssh_connection", "sftp_batch_mode")])
                .vars(&["ansible_sftp_batch_mode"]),
            Definition::new("sftp_executable", "string", Text("sftp"))
                .env(&["ANSIBLE_SFTP_EXECUTABLE"])
                .ini(&[("ssh_connection", "sftp_executable")])
                .vars(&["ansible_sftp_executable"]),
            Definition::new("sftp_extra_args", "string", Text(""))
                .env(&["ANSIBLE_SFTP_EXTRA_ARGS"])
                .ini(&[("ssh_connection", "sftp_extra_args")])
                .vars(&["ansible_sftp_extra_args"])
                .cli(&["sftp_extra_args"]),
            Definition::new("ssh_args", "string", Text("-C -o ControlMaster=auto -o ControlPersist=60s"))
                .env(&["ANSIBLE_SSH_ARGS"])
                .ini(&[("ssh_connection", "ssh_args")])
                .vars(&["ansible_ssh_args"]),
            Definition::new("ssh_common_args", "string", Text(""))
                .env(&["ANSIBLE_SSH_COMMON_ARGS"])
                .ini(&[("ssh_connection", "ssh_common_args")])
                .vars(&["ansible_ssh_common_args"])
                .cli(&["ssh_common_args"]),
            Definition::new("ssh_executable", "string", Text("ssh"))
                .env(&["ANSIBLE_SSH_EXECUTABLE"])
                .ini(&[("ssh_connection", "ssh_executable")])
                .vars(&["ansible_ssh_executable"]),
            Definition::new("ssh_extra_args", "string", Text(""))
                .env(&["ANSIBLE_SSH_EXTRA_ARGS"])
                .ini(&[("ssh_connection", "ssh_extra_args")])
                .vars(&["ansible_ssh_extra_args"])
                .cli(&["ssh_extra_args"]),
            Definition::new("ssh_transfer_method", "string", Text("smart"))
                .env(&["ANSIBLE_SSH_TRANSFER_METHOD"])
                .ini(&[("ssh_connection", "transfer_method")])
                .vars(&["ansible_ssh_transfer_method"])
                .choices(&["sftp", "scp", "piped", "smart"]),
            Definition::new("sshpass_prompt", "string", Text(""))
                .env(&["ANSIBLE_SSHPASS_PROMPT"])
                .ini(&[("ssh_connection", "sshpass_prompt")])
                .vars(&["ansible_sshpass_prompt"]),
            Definition::new("timeout", "integer", Number(10))
                .env(&["ANSIBLE_TIMEOUT", "ANSIBLE_SSH_TIMEOUT"])
                .ini(&[("defaults", "timeout"), ("ssh_connection", "timeout")])
                .vars(&["ansible_ssh_timeout"])
                .cli(&["timeout"]),
            Definition::new("use_tty", "bool", Flag(true))
                .env(&["ANSIBLE_SSH_USETTY"])
                .ini(&[("ssh_connection", "usetty")])
                .vars(&["ansible_ssh_use_tty"]),
            Definition::new("verbosity", "int", Number(0))
                .env(&["ANSIBLE_SSH_VERBOSITY"])
                .ini(&[("ssh_connection", "verbosity")])
                .vars(&["ansible_ssh_verbosity"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "winrm",
        options: &[
            Definition::new("connection_timeout", "int", Null).vars(&["ansible_winrm_connection_timeout"]),
            Definition::new("kerberos_command", "str", Text("kinit")).vars(&["ansible_winrm_kinit_cmd"]),
            Definition::new("kerberos_mode", "str", Null)
                .vars(&["ansible_winrm_kinit_mode"])
                .choices(&["managed", "manual"]),
            Definition::new("kinit_args", "str", Null).vars(&["ansible_winrm_kinit_args"]),
            Definition::new("kinit_env_vars", "list", Items(&[]))
                .ini(&[("winrm", "kinit_env_vars")])
                .vars(&["ansible_winrm_kinit_env_vars"]),
            Definition::new("path", "str", Text("/wsman")).vars(&["ansible_winrm_path"]),
            Definition::new("pipelining", "boolean", Flag(false))
                .env(&["ANSIBLE_PIPELINING"])
                .ini(&[("defaults", "pipelining"), ("connection", "pipelining")])
                .vars(&["ansible_pipelining"]),
            Definition::new("port", "integer", Number(5986))
                .vars(&["ansible_port", "ansible_winrm_port"])
                .keywords(&["port"]),
            Definition::new("remote_addr", "str", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_winrm_host",
            ]),
            Definition::new("remote_password", "str", Null).vars(&[
                "ansible_password",
                "ansible_winrm_pass",
                "ansible_winrm_password",
            ]),
            Definition::new("remote_user", "str", Null)
                .vars(&["ansible_user", "ansible_winrm_user"])
                .keywords(&["remote_user"]),
            Definition::new("scheme", "str", Null).vars(&["ansible_winrm_scheme"]).choices(&["http", "https"]),
            Definition::new("transport", "list", Null).vars(&["ansible_winrm_transport"]),
        ],
    },
    PluginOptions { kind: "inventory", name: "advanced_host_list", options: &[] },
    PluginOptions { kind: "inventory", name: "auto", options: &[] },
    PluginOptions {
        kind: "inventory",
        name: "constructed",
        options: &[
            Definition::new("compose", "dict", Pairs(&[])),
            Definition::new("groups", "dict", Pairs(&[])),
            Definition::new("keyed_groups", "list", Items(&[])),
            Definition::new("leading_separator", "boolean", Flag(true)),
            Definition::new("plugin", "", Null).choices(&["ansible.builtin.constructed", "constructed"]).required(),
            Definition::new("strict", "bool", Flag(false)),
            Definition::new("use_extra_vars", "bool", Flag(false))
                .env(&["ANSIBLE_INVENTORY_USE_EXTRA_VARS"])
                .ini(&[("inventory_plugins", "use_extra_vars")]),
            Definition::new("use_vars_plugins", "boolean", Flag(false)),
        ],
    },
    PluginOptions {
        kind: "inventory",
        name: "generator",
        options: &[
            Definition::new("hosts", "", Null),
            Definition::new("layers", "", Null),
            Definition::new("plugin", "", Null).choices(&["ansible.builtin.generator", "generator"]).required(),
        ],
    },
    PluginOptions { kind: "inventory", name: "host_list", options: &[] },
    PluginOptions { kind: "inventory", name: "ini", options: &[] },
    PluginOptions {
        kind: "inventory",
        name: "script",
        options: &[Definition::new("always_show_stderr", "boolean", Flag(true))
            .env(&["ANSIBLE_INVENTORY_PLUGIN_SCRIPT_STDERR"])
            .ini(&[("inventory_plugin_script", "always_show_stderr")])],
    },
    PluginOptions { kind: "inventory", name: "toml", options: &[] },
    PluginOptions {
        kind: "inventory",
        name: "yaml",
        options: &[Definition::new("yaml_extensions", "list", Items(&[".yaml", ".yml", ".json"]))
            .env(&["ANSIBLE_YAML_FILENAME_EXT", "ANSIBLE_INVENTORY_PLUGIN_EXTS"])
            .ini(&[("defaults", "yaml_valid_extensions"), ("inventory_plugin_yaml", "yaml_valid_extensions")])],
    },
    PluginOptions {
        kind: "lookup",
        name: "config",
        options: &[
            Definition::new("_terms", "", Null).required(),
            Definition::new("on_missing", "string", Text("error")).choices(&["error", "skip", "warn"]),
            Definition::new("plugin_name", "string", Null),
            Definition::new("plugin_type", "string", Null).choices(&[
                "become",
                "cache",
                "callback",
                "cliconf",
                "connection",
                "httpapi",
                "inventory",
                "lookup",
                "netconf",
                "shell",
                "vars",
            ]),
            Definition::new("show_origin", "bool", Null),
        ],
    },
    PluginOptions {
        kind: "lookup",
        name: "csvfile",
        options: &[
            Definition::new("col", "int", Number(1)),
            Definition::new("default", "", Null),
            Definition::new("delimiter", "", Text("TAB")),
            Definition::new("encoding", "", Text("utf-8")),
            Definition::new("file", "", Text("ansible.csv")),
            Definition::new("keycol", "int", Number(0)),
        ],
    },
    PluginOptions { kind: "lookup", name: "dict", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "env",
        options: &[Definition::new("_terms", "", Null).required(), Definition::new("default", "raw", Text(""))],
    },
    PluginOptions {
        kind: "lookup",
        name: "file",
        options: &[
            Definition::new("_terms", "", Null).required(),
            Definition::new("lstrip", "bool", Flag(false)),
            Definition::new("rstrip", "bool", Flag(true)),
        ],
    },
    PluginOptions { kind: "lookup", name: "fileglob", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "first_found",
        options: &[
            Definition::new("_terms", "", Null),
            Definition::new("files", "list", Items(&[])),
            Definition::new("paths", "list", Items(&[])),
            Definition::new("skip", "boolean", Flag(false)),
        ],
    },
    PluginOptions { kind: "lookup", name: "indexed_items", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "ini",
        options: &[
            Definition::new("_terms", "", Null).required(),
            Definition::new("allow_no_value", "bool", Flag(false)),
            Definition::new("case_sensitive", "", Flag(false)),
            Definition::new("default", "", Text("")),
            Definition::new("encoding", "", Text("utf-8")),
            Definition::new("file", "", Text("ansible.ini")),
            Definition::new("interpolation", "bool", Flag(true)),
            Definition::new("re", "boolean", Flag(false)),
            Definition::new("section", "", Text("global")),
            Definition::new("type", "", Text("ini")).choices(&["ini", "properties"]),
        ],
    },
    PluginOptions { kind: "lookup", name: "inventory_hostnames", options: &[] },
    PluginOptions { kind: "lookup", name: "items", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions { kind: "lookup", name: "lines", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions { kind: "lookup", name: "list", options: &[] },
    PluginOptions { kind: "lookup", name: "nested", options: &[Definition::new("_raw", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "password",
        options: &[
            Definition::new("_terms", "", Null).required(),
            Definition::new("chars", "list", Items(&["ascii_letters", "digits", ".,:-_"])),
            Definition::new("encrypt", "", Null),
            Definition::new("ident", "string", Null),
            Definition::new("length", "integer", Number(20)),
            Definition::new("seed", "str", Null),
        ],
    },
    PluginOptions { kind: "lookup", name: "pipe", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions { kind: "lookup", name: "random_choice", options: &[] },
    PluginOptions {
        kind: "lookup",
        name: "sequence",
        options: &[
            Definition::new("count", "integer", Null),
            Definition::new("end", "integer", Null),
            Definition::new("format", "", Text("%d")),
            Definition::new("start", "integer", Number(1)),
            Definition::new("stride", "integer", Number(1)),
        ],
    },
    PluginOptions {
        kind: "lookup",
        name: "subelements",
        options: &[Definition::new("_terms", "", Null).required(), Definition::new("skip_missing", "", Flag(false))],
    },
    PluginOptions {
        kind: "lookup",
        name: "template",
        options: &[
            Definition::new("_terms", "", Null),
            Definition::new("comment_end_string", "str", Text("#}")),
            Definition::new("comment_start_string", "str", Text("{#")),
            Definition::new("convert_data", "bool", Flag(true)).deprecated("2.23"),
            Definition::new("jinja2_native", "bool", Flag(true)).deprecated("2.23"),
            Definition::new("template_vars", "dict", Pairs(&[])),
            Definition::new("trim_blocks", "bool", Flag(true)),
            Definition::new("variable_end_string", "str", Text("}}")),
            Definition::new("variable_start_string", "str", Text("{{")),
        ],
    },
    PluginOptions { kind: "lookup", name: "together", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions { kind: "lookup", name: "unvault", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "url",
        options: &[
            Definition::new("_terms", "", Null),
            Definition::new("ca_path", "string", Null)
                .env(&["ANSIBLE_LOOKUP_URL_CA_PATH"])
                .ini(&[("url_lookup", "ca_path")])
                .vars(&["ansible_lookup_url_ca_path"]),
            Definition::new("ciphers", "list", Null)
                .env(&["ANSIBLE_LOOKUP_URL_CIPHERS"])
                .ini(&[("url_lookup", "ciphers")])
                .vars(&["ansible_lookup_url_ciphers"]),
            Definition::new("follow_redirects", "string", Text("urllib2"))
                .env(&["ANSIBLE_LOOKUP_URL_FOLLOW_REDIRECTS"])
                .ini(&[("url_lookup", "follow_redirects")])
                .vars(&["ansible_lookup_url_follow_redirects"])
                .choices(&["all", "no", "none", "safe", "urllib2", "yes"]),
            Definition::new("force", "boolean", Flag(false))
                .env(&["ANSIBLE_LOOKUP_URL_FORCE"])
                .ini(&[("url_lookup", "force")])
                .vars(&["ansible_lookup_url_force"]),
            Definition::new("force_basic_auth", "boolean", Flag(false))
                .env(&["ANSIBLE_LOOKUP_URL_FORCE_BASIC_AUTH"])
                .ini(&[("url_lookup", "force_basic_auth")])
                .vars(&["ansible_lookup_url_force_basic_auth"]),
            Definition::new("headers", "dictionary", Pairs(&[])),
            Definition::new("http_agent", "string", Text("ansible-httpget"))
                .env(&["ANSIBLE_LOOKUP_URL_AGENT"])
                .ini(&[("url_lookup", "agent")])
                .vars(&["ansible_lookup_url_agent"]),
            Definition::new("password", "string", Null),
            Definition::new("split_lines", "boolean", Flag(true)),
            Definition::new("timeout", "float", Number(10))
                .env(&["ANSIBLE_LOOKUP_URL_TIMEOUT"])
                .ini(&[("url_lookup", "timeout")])
                .vars(&["ansible_lookup_url_timeout"]),
            Definition::new("unix_socket", "string", Null)
                .env(&["ANSIBLE_LOOKUP_URL_UNIX_SOCKET"])
                .ini(&[("url_lookup", "unix_socket")])
                .vars(&["ansible_lookup_url_unix_socket"]),
            Definition::new("unredirected_headers", "list", Null)
                .env(&["ANSIBLE_LOOKUP_URL_UNREDIR_HEADERS"])
                .ini(&[("url_lookup", "unredirected_headers")])
                .vars(&["ansible_lookup_url_unredir_headers"]),
            Definition::new("use_gssapi", "boolean", Flag(false))
                .env(&["ANSIBLE_LOOKUP_URL_USE_GSSAPI"])
                .ini(&[("url_lookup", "use_gssapi")])
                .vars(&["ansible_lookup_url_use_gssapi"]),
            Definition::new("use_netrc", "boolean", Flag(true))
                .env(&["ANSIBLE_LOOKUP_URL_USE_NETRC"])
                .ini(&[("url_lookup", "use_netrc")])
                .vars(&["ansible_lookup_url_use_netrc"]),
            Definition::new("use_proxy", "boolean", Flag(true)),
            Definition::new("username", "string", Null),
            Definition::new("validate_certs", "boolean", Flag(true)),
        ],
    },
    PluginOptions { kind: "lookup", name: "varnames", options: &[Definition::new("_terms", "", Null).required()] },
    PluginOptions {
        kind: "lookup",
        name: "vars",
        options: &[Definition::new("_terms", "", Null).required(), Definition::new("default", "", Null)],
    },
    PluginOptions {
        kind: "shell",
        name: "cmd",
        options: &[
            Definition::new("async_dir", "", Text("%USERPROFILE%\\.ansible_async"))
                .ini(&[("powershell", "async_dir")])
                .vars(&["ansible_async_dir"]),
            Definition::new("remote_tmp", "", Text("%TEMP%"))
                .ini(&[("powershell", "remote_tmp")])
                .vars(&["ansible_remote_tmp"]),
            Definition::new("set_module_language", "bool", Text("no")).choices(&["no", "False"]),
        ],
    },
    PluginOptions {
        kind: "shell",
        name: "powershell",
        options: &[
            Definition::new("async_dir", "", Text("%USERPROFILE%\\.ansible_async"))
                .ini(&[("powershell", "async_dir")])
                .vars(&["ansible_async_dir"]),
            Definition::new("remote_tmp", "", Text("%TEMP%"))
                .ini(&[("powershell", "remote_tmp")])
                .vars(&["ansible_remote_tmp"]),
            Definition::new("set_module_language", "bool", Text("no")).choices(&["no", "False"]),
        ],
    },
    PluginOptions {
        kind: "shell",
        name: "sh",
        options: &[
            Definition::new("admin_users", "list", Items(&["root", "toor"]))
                .env(&["ANSIBLE_ADMIN_USERS"])
                .ini(&[("defaults", "admin_users")])
                .vars(&["ansible_admin_users"]),
            Definition::new("async_dir", "", Text("~/.ansible_async"))
                .env(&["ANSIBLE_ASYNC_DIR"])
                .ini(&[("defaults", "async_dir")])
                .vars(&["ansible_async_dir"]),
            Definition::new("common_remote_group", "", Null)
                .env(&["ANSIBLE_COMMON_REMOTE_GROUP"])
                .ini(&[("defaults", "common_remote_group")])
                .vars(&["ansible_common_remote_group"]),
            Definition::new("remote_tmp", "", Text("~/.ansible/tmp"))
                .env(&["ANSIBLE_REMOTE_TEMP", "ANSIBLE_REMOTE_TMP"])
                .ini(&[("defaults", "remote_tmp")])
                .vars(&["ansible_remote_tmp"]),
            Definition::new("system_tmpdirs", "list", Items(&["/var/tmp", "/tmp"]))
                .env(&["ANSIBLE_SYSTEM_TMPDIRS"])
                .ini(&[("defaults", "system_tmpdirs")])
                .vars(&["ansible_system_tmpdirs"]),
            Definition::new("world_readable_temp", "boolean", Flag(false))
                .env(&["ANSIBLE_SHELL_ALLOW_WORLD_READABLE_TEMP"])
                .ini(&[("defaults", "allow_world_readable_tmpfiles")])
                .vars(&["ansible_shell_allow_world_readable_temp"]),
        ],
    },
    PluginOptions {
        kind: "vars",
        name: "host_group_vars",
        options: &[
            Definition::new("_valid_extensions", "list", Items(&[".yml", ".yaml", ".json"]))
                .env(&["ANSIBLE_YAML_FILENAME_EXT"])
                .ini(&[("defaults", "yaml_valid_extensions")]),
            Definition::new("stage", "str", Null)
                .env(&["ANSIBLE_VARS_PLUGIN_STAGE"])
                .ini(&[("vars_host_group_vars", "stage")])
                .choices(&["all", "task", "inventory"]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "ansible.posix.debug",
        options: &[
            Definition::new("check_mode_markers", "bool", Flag(false))
                .env(&["ANSIBLE_CHECK_MODE_MARKERS"])
                .ini(&[("defaults", "check_mode_markers")]),
            Definition::new("display_failed_stderr", "bool", Flag(false))
                .env(&["ANSIBLE_DISPLAY_FAILED_STDERR"])
                .ini(&[("defaults", "display_failed_stderr")]),
            Definition::new("display_ok_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_OK_HOSTS"])
                .ini(&[("defaults", "display_ok_hosts")]),
            Definition::new("display_skipped_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_SKIPPED_HOSTS"])
                .ini(&[("defaults", "display_skipped_hosts")]),
            Definition::new("show_custom_stats", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
                .ini(&[("defaults", "show_custom_stats")]),
            Definition::new("show_per_host_start", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_PER_HOST_START"])
                .ini(&[("defaults", "show_per_host_start")]),
            Definition::new("show_task_path_on_failure", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_TASK_PATH_ON_FAILURE"])
                .ini(&[("defaults", "show_task_path_on_failure")]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "ansible.posix.json",
        options: &[
            Definition::new("json_indent", "integer", Number(4))
                .env(&["ANSIBLE_JSON_INDENT"])
                .ini(&[("defaults", "json_indent")]),
            Definition::new("show_custom_stats", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
                .ini(&[("defaults", "show_custom_stats")]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "ansible.posix.jsonl",
        options: &[
            Definition::new("json_indent", "integer", Number(0))
                .env(&["ANSIBLE_JSON_INDENT"])
                .ini(&[("defaults", "json_indent")]),
            Definition::new("show_custom_stats", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
                .ini(&[("defaults", "show_custom_stats")]),
        ],
    },
    PluginOptions {
        kind: "callback",
        name: "ansible.posix.profile_roles",
        options: &[Definition::new("summary_only", "bool", Flag(false))
            .env(&["PROFILE_ROLES_SUMMARY_ONLY"])
            .ini(&[("callback_profile_roles", "summary_only")])],
    },
    PluginOptions {
        kind: "callback",
        name: "ansible.posix.profile_tasks",
        options: &[
            Definition::new("output_limit", "", Number(20))
                .env(&["PROFILE_TASKS_TASK_OUTPUT_LIMIT"])
                .ini(&[("callback_profile_tasks", "task_output_limit")]),
            Definition::new("sort_order", "", Text("descending"))
                .env(&["PROFILE_TASKS_SORT_ORDER"])
                .ini(&[("callback_profile_tasks", "sort_order")])
                .choices(&["descending", "ascending", "none"]),
            Definition::new("summary_only", "bool", Flag(false))
                .env(&["PROFILE_TASKS_SUMMARY_ONLY"])
                .ini(&[("callback_profile_tasks", "summary_only")]),
        ],
    },
    PluginOptions { kind: "callback", name: "ansible.posix.timer", options: &[] },
    PluginOptions {
        kind: "callback",
        name: "community.general.log_plays",
        options: &[Definition::new("log_folder", "str", Text("/var/log/ansible/hosts"))
            .env(&["ANSIBLE_LOG_FOLDER"])
            .ini(&[("callback_log_plays", "log_folder")])],
    },
    PluginOptions {
        kind: "callback",
        name: "community.general.selective",
        options: &[Definition::new("nocolor", "boolean", Flag(false))
            .env(&["ANSIBLE_NOCOLOR", "ANSIBLE_SELECTIVE_DONT_COLORIZE"])
            .ini(&[("defaults", "nocolor")])],
    },
    PluginOptions {
        kind: "callback",
        name: "community.general.timestamp",
        options: &[
            Definition::new("check_mode_markers", "bool", Flag(false))
                .env(&["ANSIBLE_CHECK_MODE_MARKERS"])
                .ini(&[("defaults", "check_mode_markers")]),
            Definition::new("display_failed_stderr", "bool", Flag(false))
                .env(&["ANSIBLE_DISPLAY_FAILED_STDERR"])
                .ini(&[("defaults", "display_failed_stderr")]),
            Definition::new("display_ok_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_OK_HOSTS"])
                .ini(&[("defaults", "display_ok_hosts")]),
            Definition::new("display_skipped_hosts", "bool", Flag(true))
                .env(&["ANSIBLE_DISPLAY_SKIPPED_HOSTS"])
                .ini(&[("defaults", "display_skipped_hosts")]),
            Definition::new("format_string", "string", Text("%H:%M:%S"))
                .env(&["ANSIBLE_CALLBACK_TIMESTAMP_FORMAT_STRING"])
                .ini(&[("callback_timestamp", "format_string")]),
            Definition::new("pretty_results", "bool", Null)
                .env(&["ANSIBLE_CALLBACK_FORMAT_PRETTY"])
                .ini(&[("defaults", "callback_format_pretty")]),
            Definition::new("result_format", "str", Text("json"))
                .env(&["ANSIBLE_CALLBACK_RESULT_FORMAT"])
                .ini(&[("defaults", "callback_result_format")])
                .choices(&["json", "yaml"]),
            Definition::new("show_custom_stats", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_CUSTOM_STATS"])
                .ini(&[("defaults", "show_custom_stats")]),
            Definition::new("show_per_host_start", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_PER_HOST_START"])
                .ini(&[("defaults", "show_per_host_start")]),
            Definition::new("show_task_path_on_failure", "bool", Flag(false))
                .env(&["ANSIBLE_SHOW_TASK_PATH_ON_FAILURE"])
                .ini(&[("defaults", "show_task_path_on_failure")]),
            Definition::new("timezone", "string", Null)
                .env(&["ANSIBLE_CALLBACK_TIMESTAMP_TIMEZONE"])
                .ini(&[("callback_timestamp", "timezone")]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.doas",
        options: &[
            Definition::new("become_exe", "string", Text("doas"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_DOAS_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("doas_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_doas_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_DOAS_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("doas_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_doas_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_DOAS_PASS"])
                .ini(&[("doas_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_doas_pass"]),
            Definition::new("become_user", "string", Null)
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_DOAS_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("doas_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_doas_user"])
                .keywords(&["become_user"]),
            Definition::new("prompt_l10n", "list", Items(&[]))
                .env(&["ANSIBLE_DOAS_PROMPT_L10N"])
                .ini(&[("doas_become_plugin", "localized_prompts")])
                .vars(&["ansible_doas_prompt_l10n"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.dzdo",
        options: &[
            Definition::new("become_exe", "string", Text("dzdo"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_DZDO_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("dzdo_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_dzdo_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text("-H -S -n"))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_DZDO_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("dzdo_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_dzdo_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_DZDO_PASS"])
                .ini(&[("dzdo_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_dzdo_pass"]),
            Definition::new("become_user", "string", Null)
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_DZDO_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("dzdo_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_dzdo_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.ksu",
        options: &[
            Definition::new("become_exe", "string", Text("ksu"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_KSU_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("ksu_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_ksu_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_KSU_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("ksu_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_ksu_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_KSU_PASS"])
                .ini(&[("ksu_become_plugin", "password")])
                .vars(&["ansible_ksu_pass", "ansible_become_pass", "ansible_become_password"]),
            Definition::new("become_user", "string", Null)
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_KSU_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("ksu_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_ksu_user"])
                .keywords(&["become_user"])
                .required(),
            Definition::new("prompt_l10n", "list", Items(&[]))
                .env(&["ANSIBLE_KSU_PROMPT_L10N"])
                .ini(&[("ksu_become_plugin", "localized_prompts")])
                .vars(&["ansible_ksu_prompt_l10n"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.machinectl",
        options: &[
            Definition::new("become_exe", "string", Text("machinectl"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_MACHINECTL_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("machinectl_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_machinectl_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_MACHINECTL_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("machinectl_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_machinectl_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_MACHINECTL_PASS"])
                .ini(&[("machinectl_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_machinectl_pass"]),
            Definition::new("become_user", "string", Text(""))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_MACHINECTL_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("machinectl_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_machinectl_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.pbrun",
        options: &[
            Definition::new("become_exe", "string", Text("pbrun"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_PBRUN_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("pbrun_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_pbrun_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_PBRUN_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("pbrun_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_pbrun_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_PBRUN_PASS"])
                .ini(&[("pbrun_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_pbrun_pass"]),
            Definition::new("become_user", "string", Text(""))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_PBRUN_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("pbrun_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_pbrun_user"])
                .keywords(&["become_user"]),
            Definition::new("wrap_exe", "bool", Flag(false))
                .env(&["ANSIBLE_PBRUN_WRAP_EXECUTION"])
                .ini(&[("pbrun_become_plugin", "wrap_execution")])
                .vars(&["ansible_pbrun_wrap_execution"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.pfexec",
        options: &[
            Definition::new("become_exe", "string", Text("pfexec"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_PFEXEC_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("pfexec_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_pfexec_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text("-H -S -n"))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_PFEXEC_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("pfexec_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_pfexec_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_PFEXEC_PASS"])
                .ini(&[("pfexec_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_pfexec_pass"]),
            Definition::new("become_user", "string", Text("root"))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_PFEXEC_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("pfexec_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_pfexec_user"])
                .keywords(&["become_user"]),
            Definition::new("wrap_exe", "bool", Flag(false))
                .env(&["ANSIBLE_PFEXEC_WRAP_EXECUTION"])
                .ini(&[("pfexec_become_plugin", "wrap_execution")])
                .vars(&["ansible_pfexec_wrap_execution"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.pmrun",
        options: &[
            Definition::new("become_exe", "string", Text("pmrun"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_PMRUN_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("pmrun_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_pmrun_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_PMRUN_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("pmrun_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_pmrun_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_PMRUN_PASS"])
                .ini(&[("pmrun_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_pmrun_pass"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.run0",
        options: &[
            Definition::new("become_exe", "string", Text("run0"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_RUN0_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("run0_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_run0_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text(""))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_RUN0_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("run0_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_run0_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_user", "string", Text("root"))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_RUN0_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("run0_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_run0_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.sesu",
        options: &[
            Definition::new("become_exe", "string", Text("sesu"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_SESU_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("sesu_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_sesu_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_flags", "string", Text("-H -S -n"))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_SESU_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("sesu_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_sesu_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_SESU_PASS"])
                .ini(&[("sesu_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_sesu_pass"]),
            Definition::new("become_user", "string", Text(""))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_SESU_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("sesu_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_sesu_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "community.general.sudosu",
        options: &[
            Definition::new("alt_method", "boolean", Null)
                .env(&["ANSIBLE_SUDOSU_ALT_METHOD"])
                .ini(&[("community.general.sudosu", "alternative_method")])
                .vars(&["ansible_sudosu_alt_method"]),
            Definition::new("become_flags", "string", Text("-H -S -n"))
                .env(&["ANSIBLE_BECOME_FLAGS", "ANSIBLE_SUDO_FLAGS"])
                .ini(&[("privilege_escalation", "become_flags"), ("sudo_become_plugin", "flags")])
                .vars(&["ansible_become_flags", "ansible_sudo_flags"])
                .keywords(&["become_flags"]),
            Definition::new("become_pass", "string", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_SUDO_PASS"])
                .ini(&[("sudo_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_sudo_pass"]),
            Definition::new("become_user", "string", Text("root"))
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_SUDO_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("sudo_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_sudo_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "become",
        name: "containers.podman.podman_unshare",
        options: &[
            Definition::new("become_exe", "", Text("sudo"))
                .env(&["ANSIBLE_BECOME_EXE", "ANSIBLE_SUDO_EXE"])
                .ini(&[("privilege_escalation", "become_exe"), ("sudo_become_plugin", "executable")])
                .vars(&["ansible_become_exe", "ansible_sudo_exe"])
                .keywords(&["become_exe"]),
            Definition::new("become_pass", "", Null)
                .env(&["ANSIBLE_BECOME_PASS", "ANSIBLE_SUDO_PASS"])
                .ini(&[("sudo_become_plugin", "password")])
                .vars(&["ansible_become_password", "ansible_become_pass", "ansible_sudo_pass"]),
            Definition::new("become_user", "", Null)
                .env(&["ANSIBLE_BECOME_USER", "ANSIBLE_SUDO_USER"])
                .ini(&[("privilege_escalation", "become_user"), ("sudo_become_plugin", "user")])
                .vars(&["ansible_become_user", "ansible_sudo_user"])
                .keywords(&["become_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "community.docker.docker",
        options: &[
            Definition::new("container_timeout", "integer", Number(10))
                .env(&["ANSIBLE_TIMEOUT", "ANSIBLE_DOCKER_TIMEOUT"])
                .ini(&[("defaults", "timeout"), ("docker_connection", "timeout")])
                .vars(&["ansible_docker_timeout"])
                .cli(&["timeout"]),
            Definition::new("docker_extra_args", "", Text(""))
                .ini(&[("docker_connection", "extra_cli_args")])
                .vars(&["ansible_docker_extra_args"]),
            Definition::new("extra_env", "dict", Null).vars(&["ansible_docker_extra_env"]),
            Definition::new("privileged", "boolean", Flag(false))
                .env(&["ANSIBLE_DOCKER_PRIVILEGED"])
                .ini(&[("docker_connection", "privileged")])
                .vars(&["ansible_docker_privileged"]),
            Definition::new("remote_addr", "", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_docker_host",
            ]),
            Definition::new("remote_user", "", Null)
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user", "ansible_docker_user"])
                .keywords(&["remote_user"])
                .cli(&["user"]),
            Definition::new("working_dir", "string", Null)
                .env(&["ANSIBLE_DOCKER_WORKING_DIR"])
                .ini(&[("docker_connection", "working_dir")])
                .vars(&["ansible_docker_working_dir"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "community.docker.nsenter",
        options: &[Definition::new("nsenter_pid", "int", Number(1))
            .env(&["ANSIBLE_NSENTER_PID"])
            .ini(&[("nsenter_connection", "nsenter_pid")])
            .vars(&["ansible_nsenter_pid"])],
    },
    PluginOptions {
        kind: "connection",
        name: "community.general.chroot",
        options: &[
            Definition::new("chroot_exe", "string", Text("chroot"))
                .env(&["ANSIBLE_CHROOT_EXE"])
                .ini(&[("chroot_connection", "exe")])
                .vars(&["ansible_chroot_exe"]),
            Definition::new("disable_root_check", "bool", Flag(false))
                .env(&["ANSIBLE_CHROOT_DISABLE_ROOT_CHECK"])
                .ini(&[("chroot_connection", "disable_root_check")])
                .vars(&["ansible_chroot_disable_root_check"]),
            Definition::new("executable", "string", Text("/bin/sh"))
                .env(&["ANSIBLE_EXECUTABLE"])
                .ini(&[("defaults", "executable")])
                .vars(&["ansible_executable"]),
            Definition::new("remote_addr", "string", Text("inventory_hostname"))
                .vars(&["inventory_hostname", "ansible_host"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "community.general.incus",
        options: &[
            Definition::new("executable", "string", Text("/bin/sh"))
                .vars(&["ansible_executable", "ansible_incus_executable"]),
            Definition::new("incus_become_method", "str", Text("/bin/su")).vars(&["incus_become_method"]),
            Definition::new("project", "string", Text("default")).vars(&["ansible_incus_project"]),
            Definition::new("remote", "string", Text("local")).vars(&["ansible_incus_remote"]),
            Definition::new("remote_addr", "string", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_incus_host",
            ]),
            Definition::new("remote_user", "string", Text("root"))
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user"])
                .keywords(&["remote_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "community.general.lxd",
        options: &[
            Definition::new("executable", "string", Text("/bin/sh"))
                .vars(&["ansible_executable", "ansible_lxd_executable"]),
            Definition::new("lxd_become_method", "str", Text("/bin/su")).vars(&["lxd_become_method"]),
            Definition::new("project", "string", Null).vars(&["ansible_lxd_project"]),
            Definition::new("remote", "string", Text("local")).vars(&["ansible_lxd_remote"]),
            Definition::new("remote_addr", "string", Text("inventory_hostname")).vars(&[
                "inventory_hostname",
                "ansible_host",
                "ansible_lxd_host",
            ]),
            Definition::new("remote_user", "string", Text("root"))
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user"])
                .keywords(&["remote_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "community.okd.oc",
        options: &[
            Definition::new("ca_cert", "", Text(""))
                .env(&["K8S_AUTH_SSL_CA_CERT"])
                .vars(&["ansible_oc_ssl_ca_cert", "ansible_oc_ca_cert"]),
            Definition::new("client_cert", "", Text(""))
                .env(&["K8S_AUTH_CERT_FILE"])
                .vars(&["ansible_oc_cert_file", "ansible_oc_client_cert"]),
            Definition::new("client_key", "", Text(""))
                .env(&["K8S_AUTH_KEY_FILE"])
                .vars(&["ansible_oc_key_file", "ansible_oc_client_key"]),
            Definition::new("oc_container", "", Text("")).env(&["K8S_AUTH_CONTAINER"]).vars(&["ansible_oc_container"]),
            Definition::new("oc_context", "", Text("")).env(&["K8S_AUTH_CONTEXT"]).vars(&["ansible_oc_context"]),
            Definition::new("oc_extra_args", "", Text(""))
                .env(&["K8S_AUTH_EXTRA_ARGS"])
                .vars(&["ansible_oc_extra_args"]),
            Definition::new("oc_host", "", Text(""))
                .env(&["K8S_AUTH_HOST", "K8S_AUTH_SERVER"])
                .vars(&["ansible_oc_host", "ansible_oc_server"]),
            Definition::new("oc_kubeconfig", "", Text(""))
                .env(&["K8S_AUTH_KUBECONFIG"])
                .vars(&["ansible_oc_kubeconfig", "ansible_oc_config"]),
            Definition::new("oc_local_env_vars", "dict", Pairs(&[])).vars(&["ansible_oc_local_env_vars"]),
            Definition::new("oc_namespace", "", Text("")).env(&["K8S_AUTH_NAMESPACE"]).vars(&["ansible_oc_namespace"]),
            Definition::new("oc_pod", "", Text("")).env(&["K8S_AUTH_POD"]).vars(&["ansible_oc_pod"]),
            Definition::new("oc_token", "", Null)
                .env(&["K8S_AUTH_TOKEN", "K8S_AUTH_API_KEY"])
                .vars(&["ansible_oc_token", "ansible_oc_api_key"]),
            Definition::new("validate_certs", "", Text(""))
                .env(&["K8S_AUTH_VERIFY_SSL"])
                .vars(&["ansible_oc_verify_ssl", "ansible_oc_validate_certs"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "containers.podman.buildah",
        options: &[
            Definition::new("remote_addr", "", Text("inventory_hostname"))
                .vars(&["ansible_host", "inventory_hostname"]),
            Definition::new("remote_user", "", Null)
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user"])
                .keywords(&["remote_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "containers.podman.podman",
        options: &[
            Definition::new("podman_executable", "", Text("podman"))
                .env(&["ANSIBLE_PODMAN_EXECUTABLE"])
                .vars(&["ansible_podman_executable"]),
            Definition::new("podman_extra_args", "", Text(""))
                .env(&["ANSIBLE_PODMAN_EXTRA_ARGS"])
                .ini(&[("defaults", "podman_extra_args")])
                .vars(&["ansible_podman_extra_args"]),
            Definition::new("remote_addr", "", Text("inventory_hostname")).vars(&[
                "ansible_host",
                "inventory_hostname",
                "ansible_podman_host",
            ]),
            Definition::new("remote_user", "", Null)
                .env(&["ANSIBLE_REMOTE_USER"])
                .ini(&[("defaults", "remote_user")])
                .vars(&["ansible_user"])
                .keywords(&["remote_user"]),
        ],
    },
    PluginOptions {
        kind: "connection",
        name: "kubernetes.core.kubectl",
        options: &[
            Definition::new("ca_cert", "", Text(""))
                .env(&["K8S_AUTH_SSL_CA_CERT"])
                .vars(&["ansible_kubectl_ssl_ca_cert", "ansible_kubectl_ca_cert"]),
            Definition::new("client_cert", "", Text(""))
                .env(&["K8S_AUTH_CERT_FILE"])
                .vars(&["ansible_kubectl_cert_file", "ansible_kubectl_client_cert"]),
            Definition::new("client_key", "", Text(""))
                .env(&["K8S_AUTH_KEY_FILE"])
                .vars(&["ansible_kubectl_key_file", "ansible_kubectl_client_key"]),
            Definition::new("kubectl_container", "", Text(""))
                .env(&["K8S_AUTH_CONTAINER"])
                .vars(&["ansible_kubectl_container"]),
            Definition::new("kubectl_context", "", Text(""))
                .env(&["K8S_AUTH_CONTEXT"])
                .vars(&["ansible_kubectl_context"]),
            Definition::new("kubectl_extra_args", "", Text(""))
                .env(&["K8S_AUTH_EXTRA_ARGS"])
                .vars(&["ansible_kubectl_extra_args"]),
            Definition::new("kubectl_host", "", Text(""))
                .env(&["K8S_AUTH_HOST", "K8S_AUTH_SERVER"])
                .vars(&["ansible_kubectl_host", "ansible_kubectl_server"]),
            Definition::new("kubectl_kubeconfig", "", Text(""))
                .env(&["K8S_AUTH_KUBECONFIG"])
                .vars(&["ansible_kubectl_kubeconfig", "ansible_kubectl_config"]),
            Definition::new("kubectl_local_env_vars", "dict", Pairs(&[])).vars(&["ansible_kubectl_local_env_vars"]),
            Definition::new("kubectl_namespace", "", Text(""))
                .env(&["K8S_AUTH_NAMESPACE"])
                .vars(&["ansible_kubectl_namespace"]),
            Definition::new("kubectl_password", "", Text(""))
                .env(&["K8S_AUTH_PASSWORD"])
                .vars(&["ansible_kubectl_password"]),
            Definition::new("kubectl_pod", "", Text("")).env(&["K8S_AUTH_POD"]).vars(&["ansible_kubectl_pod"]),
            Definition::new("kubectl_token", "", Null)
                .env(&["K8S_AUTH_TOKEN", "K8S_AUTH_API_KEY"])
                .vars(&["ansible_kubectl_token", "ansible_kubectl_api_key"]),
            Definition::new("kubectl_username", "", Text(""))
                .env(&["K8S_AUTH_USERNAME"])
                .vars(&["ansible_kubectl_username", "ansible_kubectl_user"]),
            Definition::new("validate_certs", "", Text(""))
                .env(&["K8S_AUTH_VERIFY_SSL"])
                .vars(&["ansible_kubectl_verify_ssl", "ansible_kubectl_validate_certs"]),
        ],
    },
];
