//! A copy of everything that a store holds, to be kept elsewhere.

use std::any::Any;
use std::fs::File;
use std::io::{self, Read};

/// Read at once.
const CHUNK_BYTES: usize = 128 * 1024;

/// Everything as of one moment, in a file that has no name any more: what it takes up is given back when this is dropped,
/// however that comes about.
pub struct Backup {
    file: File,
    pub bytes: u64,
    pub sha256: [u8; 32],
    /// Keeps the next one waiting until this one is gone.
    _turn: Box<dyn Any + Send>,
}

impl Backup {
    /// Reads the file once, for its length and digest.
    #[cfg(feature = "libsql")]
    pub fn of(file: File, turn: impl Any + Send) -> io::Result<Self> {
        use sha2::{Digest, Sha256};
        use std::io::Seek;

        let mut backup = Self { file, bytes: 0, sha256: [0; 32], _turn: Box::new(turn) };
        let mut hasher = Sha256::new();
        loop {
            let chunk = backup.read()?;
            if chunk.is_empty() {
                break;
            }
            backup.bytes += chunk.len() as u64;
            hasher.update(chunk);
        }
        backup.sha256 = hasher.finalize().into();
        backup.file.rewind()?;
        Ok(backup)
    }

    /// The next piece; empty at the end.
    pub fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut chunk = vec![0; CHUNK_BYTES];
        let read = self.file.read(&mut chunk)?;
        chunk.truncate(read);
        Ok(chunk)
    }
}
