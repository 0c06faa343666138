//! What is measured.

/// A figure and its bound.
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) value: f64,
    pub(crate) bound: f64,
    pub(crate) unit: &'static str,
}
