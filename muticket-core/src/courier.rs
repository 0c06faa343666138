//! x
pub struct Courier; pub struct Delivery;
