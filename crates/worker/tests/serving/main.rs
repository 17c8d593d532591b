//! A worker served over pipes inside this process.

mod controller;
mod files;
mod kept;
mod lifetime;
mod modules;
mod programs;
