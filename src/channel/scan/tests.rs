use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// What clamd does with one line: reads a file in the way of INSTREAM and gives `answer`. What it has read comes back.
async fn serve(mut line: impl AsyncRead + AsyncWrite + Unpin, answer: &[u8]) -> Vec<u8> {
    let mut command = [0; 10];
    line.read_exact(&mut command).await.unwrap();
    assert_eq!(&command, b"zINSTREAM\0");
    let mut file = Vec::new();
    loop {
        let length = line.read_u32().await.unwrap();
        if length == 0 {
            break;
        }
        let mut piece = vec![0; length as usize];
        line.read_exact(&mut piece).await.unwrap();
        file.extend(piece);
    }
    line.write_all(answer).await.unwrap();
    file
}

async fn clamd(answer: &'static [u8]) -> (Scanner, tokio::task::JoinHandle<Vec<u8>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let heard = tokio::spawn(async move { serve(listener.accept().await.unwrap().0, answer).await });
    (Scanner::of(&address.to_string()).unwrap(), heard)
}

#[tokio::test]
async fn the_scanner_hears_the_whole_file_and_is_believed() {
    let file: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let (scanner, heard) = clamd(b"stream: OK\0").await;
    assert_eq!(scanner.scan(&file).await.unwrap(), Verdict::Clean);
    assert_eq!(heard.await.unwrap(), file);

    let (scanner, _) = clamd(b"stream: Eicar-Test-Signature FOUND\0").await;
    assert_eq!(scanner.scan(b"x").await.unwrap(), Verdict::Infected);
}

#[tokio::test]
async fn what_is_no_verdict_is_an_error() {
    for answer in [b"INSTREAM size limit exceeded. ERROR\0".as_slice(), b"", b"\0", b"stream: OK maybe\0"] {
        let (scanner, _) = clamd(answer).await;
        assert!(scanner.scan(b"x").await.is_err(), "{}", String::from_utf8_lossy(answer));
    }
    // nobody listens there any more
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    assert!(Scanner::of(&address).unwrap().scan(b"x").await.is_err());
}

#[tokio::test]
async fn a_scanner_that_falls_silent_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scanner = Scanner::of(&listener.local_addr().unwrap().to_string()).unwrap();
    let line = tokio::spawn(async move { listener.accept().await });
    let error = scanner.scan_within(b"x", Duration::from_millis(50)).await.unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    drop(line);
}

#[cfg(unix)]
#[tokio::test]
async fn a_socket_of_this_machine_will_do() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("clamd.ctl");
    let listener = tokio::net::UnixListener::bind(&path).unwrap();
    let heard = tokio::spawn(async move { serve(listener.accept().await.unwrap().0, b"stream: OK\0").await });
    let scanner = Scanner::of(&format!("unix:{}", path.display())).unwrap();
    assert_eq!(scanner.scan(b"ciao").await.unwrap(), Verdict::Clean);
    assert_eq!(heard.await.unwrap(), b"ciao");
}

#[test]
fn the_setting_is_an_address_or_a_path() {
    assert_eq!(Scanner::of(""), None);
    assert_eq!(Scanner::of("clamd:3310"), Some(Scanner::Tcp("clamd:3310".to_owned())));
}
