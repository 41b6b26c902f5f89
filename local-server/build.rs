//! Takes the built dashboard into the program, where there is one: `make web` puts it into `web/dashboard/dist`. Without it
//! the server has a plain page instead, so that building the server never needs node.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let dashboard = manifest.join("../web/dashboard");
    let dist = dashboard.join("dist");
    let built = dist.join("index.html").is_file();
    println!("cargo:rerun-if-changed=build.rs");
    // Where there is nothing yet, whatever comes into the folder is worth another look.
    for watched in [&dist, &dashboard].into_iter().filter(|folder| folder.is_dir()).take(1) {
        println!("cargo:rerun-if-changed={}", watched.display());
    }
    let mut files = Vec::new();
    if built {
        collect(&dist, &mut files)?;
    }
    files.sort();
    let mut table = String::from("pub static FILES: &[(&str, &[u8])] = &[\n");
    for file in &files {
        let name = file.strip_prefix(&dist).unwrap_or(file).to_string_lossy().replace('\\', "/");
        // Writing to a text does not fail.
        let _ = writeln!(table, "    ({name:?}, include_bytes!({:?})),", file.to_string_lossy());
    }
    table.push_str("];\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    fs::write(out.join("dashboard.rs"), table)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
