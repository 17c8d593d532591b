//! What templates ask the web for, answered from the controller.

use churten_module::LocalHost;
use churten_modules::{ContentError, ContentRequest, content};
use churten_template::{WebFailure, WebRequest};

/// The content of an address.
pub(crate) fn answer(request: WebRequest) -> Result<Vec<u8>, WebFailure> {
    let request = ContentRequest {
        url: request.url,
        headers: request.headers,
        unredirected: request.unredirected,
        follow_redirects: request.follow_redirects,
        timeout: request.timeout,
        validate_certificates: request.validate_certificates,
        authorities: request.authorities,
        ciphers: request.ciphers,
        unix_socket: request.unix_socket,
        use_proxy: request.use_proxy,
        use_netrc: request.use_netrc,
        user: request.user,
        password: request.password,
        force_basic_authentication: request.force_basic_authentication,
    };
    content(&LocalHost::new(), request).map_err(|error| match error {
        ContentError::Status(reason) => WebFailure::Status(reason),
        ContentError::Failed(reason) => WebFailure::Failed(reason),
        ContentError::Invalid(reason) => WebFailure::Invalid(reason),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    /// A server that gives each asker the next of these answers.
    fn serve(answers: Vec<&'static str>) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                let _ = stream.read(&mut [0; 4096]).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        port
    }

    #[test]
    fn content_errors_and_redirections() {
        let port = serve(vec![
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
            "HTTP/1.1 404 File not found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        ]);
        let ask = |url: String, follow: &str| {
            answer(WebRequest { url, follow_redirects: follow.to_owned(), ..WebRequest::default() })
        };
        let url = format!("http://127.0.0.1:{port}/a");
        assert_eq!(ask(url.clone(), "urllib2"), Ok(b"hi".to_vec()));
        assert_eq!(ask(url.clone(), "urllib2"), Err(WebFailure::Status("HTTP Error 404: File not found".to_owned())));
        assert_eq!(ask(url.clone(), "urllib2"), Ok(b"x".to_vec()));
        assert_eq!(ask(url, "none"), Err(WebFailure::Status("HTTP Error 302: Found".to_owned())));
        let refused = WebFailure::Failed("<urlopen error [Errno 111] Connection refused>".to_owned());
        assert_eq!(ask("http://127.0.0.1:1/".to_owned(), "urllib2"), Err(refused));
        assert_eq!(
            ask("nonsense".to_owned(), "urllib2"),
            Err(WebFailure::Invalid("unknown url type: 'nonsense'".to_owned()))
        );
    }
}
