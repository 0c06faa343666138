//! A small picture that a customer attaches: a cracked desktop. It is drawn by code, because an image file would show nothing more.

const WIDTH: u32 = 480;
const HEIGHT: u32 = 320;

/// The picture, as PNG.
pub(super) fn cracked_desk() -> Vec<u8> {
    let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
    let pixels: Vec<u8> = places.flat_map(|(x, y)| if is_crack(x, y) { [52, 34, 22] } else { wood(x, y) }).collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, WIDTH, HEIGHT);
    encoder.set_color(png::ColorType::Rgb);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&pixels));
    written.expect("a picture is always written to memory");
    file
}

/// Wooden boards with a slightly wavy grain.
fn wood(x: u32, y: u32) -> [u8; 3] {
    if y.is_multiple_of(80) {
        return [110, 74, 46];
    }
    let board = f64::from(y / 80);
    let wave = (f64::from(x) / 60.0 + board * 2.0).sin() * 6.0;
    let grain = ((f64::from(y) + wave) * 0.55 + board).sin() * 9.0;
    let shade = |base: f64| (base + grain - board * 3.0).clamp(0.0, 255.0).round() as u8;
    [shade(190.0), shade(140.0), shade(92.0)]
}

/// A jagged line from the right edge inwards that becomes thinner.
fn is_crack(x: u32, y: u32) -> bool {
    const START: u32 = 210;
    const STEP: u32 = 18;
    let Some(far) = x.checked_sub(START) else { return false };
    let corner = |n: u32| f64::from(n * 37 % 17) * 1.6 + f64::from(n) * 4.0;
    let (from, to) = (corner(far / STEP), corner(far / STEP + 1));
    let middle = 110.0 + from + (to - from) * f64::from(far % STEP) / f64::from(STEP);
    (f64::from(y) - middle).abs() <= 1.0 + f64::from(far) / 80.0
}
