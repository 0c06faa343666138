//! Files that were chosen and not yet sent.

use muticket_browser::Session;
use serde_json::json;

use crate::{nothing_was_wrong, open, visit};

/// A picture of four pixels, the left two red and the right two blue, encoded by the browser itself.
const PICTURE: &str = "const done = arguments[0];
    const canvas = Object.assign(document.createElement('canvas'), { width: 2, height: 2 });
    const pen = canvas.getContext('2d');
    for (const [at, colour] of ['red', 'blue'].entries()) { pen.fillStyle = colour; pen.fillRect(at, 0, 1, 2); }
    canvas.toBlob(async (blob) => done([...new Uint8Array(await blob.arrayBuffer())]), 'image/png');";

/// The colours at the left and right edges of the preview.
const DRAWN: &str = "const pen = new OffscreenCanvas(96, 96).getContext('2d', { willReadFrequently: true });
    pen.drawImage(document.querySelector('.chosen canvas'), 0, 0);
    return [1, 94].map((x) => [...pen.getImageData(x, 48, 1, 1).data]);";

const LINES: &str =
    "return [...document.querySelectorAll('.chosen li > span')].map((line) => line.textContent.replaceAll('\\u00a0', ' '));";

#[test]
fn chosen_files_are_listed_with_size_and_picture() {
    let Some((_site, page)) = visit("de", "anna") else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    };
    open(&page, "/support/tickets/new");
    let picture = page.run_to_end(PICTURE, &[]);
    let picture: Vec<u8> = serde_json::from_value(picture).unwrap();
    let size = picture.len();
    let (picture, text) = (file("lampe.png", &picture), file("notiz.txt", &[b'.'; 2000]));

    choose(&page, &[&text]);
    choose(&page, &[&picture]);
    assert_eq!(page.run(LINES, &[]), json!(["notiz.txt · 2 KB", format!("lampe.png · {size} Bytes")]), "choosing again adds");
    assert_eq!(page.all(".chosen canvas").len(), 1);
    let drawn = json!([[255, 0, 0, 255], [0, 0, 255, 255]]);
    page.until("the picture", || (page.run(DRAWN, &[]) == drawn).then_some(()));

    // Larger than the settings allow for a picture, but allowed for another file.
    let huge = vec![0; 5 * 1024 * 1024 + 1];
    choose(&page, &[&file("foto.png", &huge), &file("daten.bin", &huge)]);
    assert_eq!(page.all(".chosen .wrong").len(), 1);
    let lines = page.run(LINES, &[]);
    assert!(lines[2].as_str().unwrap().starts_with("foto.png · ") && lines[3] == "daten.bin · 5 MB", "{lines}");
    assert_eq!(page.run("return document.querySelector('input.files').validity.customError", &[]), true);
    nothing_was_wrong(&page);
}

/// Chooses files as the system's dialog does: the new choice replaces the previous one. WebDriver would add to it.
fn choose(page: &Session, files: &[&String]) {
    let found = page.devtools("Runtime.evaluate", json!({ "expression": "document.querySelector('input.files')" }));
    page.devtools("DOM.setFileInputFiles", json!({ "files": files, "objectId": found["result"]["objectId"] }));
}
