//! A server of files over FTP (RFC 959), as far as one download needs it.

use super::listen;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

pub(super) fn start() -> String {
    listen(|stream| {
        let _ = serve(stream);
    })
}

fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 ready\r\n")?;
    let (mut user, mut directory, mut data) = (String::new(), String::new(), None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let (command, argument) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        let answer = match command.to_ascii_uppercase().as_str() {
            "USER" => {
                argument.clone_into(&mut user);
                "331 password".to_owned()
            }
            "PASS" if argument == "wrong" => "530 no".to_owned(),
            "PASS" => "230 welcome".to_owned(),
            "TYPE" => "200 yes".to_owned(),
            "CWD" if argument == "nosuch" => "550 no such directory".to_owned(),
            "CWD" if argument == "." => "250 yes".to_owned(),
            "CWD" => {
                directory = format!("{directory}/{argument}");
                "250 yes".to_owned()
            }
            "PWD" => "257 \"/\"".to_owned(),
            "EPSV" | "PASV" => {
                let listener = TcpListener::bind("127.0.0.1:0")?;
                let port = listener.local_addr()?.port();
                data = Some(listener);
                match command {
                    "EPSV" => format!("229 go (|||{port}|)"),
                    _ => format!("227 go (127,0,0,1,{},{})", port / 256, port % 256),
                }
            }
            "RETR" if argument == "nosuch" => "550 no such file".to_owned(),
            "RETR" => {
                let text = format!("{user} {directory} {argument}\n");
                stream.write_all(format!("150 here it comes ({} bytes)\r\n", text.len()).as_bytes())?;
                if let Some(listener) = data.take() {
                    listener.accept()?.0.write_all(text.as_bytes())?;
                }
                "226 done".to_owned()
            }
            "QUIT" => return stream.write_all(b"221 bye\r\n"),
            _ => "502 no".to_owned(),
        };
        stream.write_all((answer + "\r\n").as_bytes())?;
    }
}
