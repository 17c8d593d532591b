//! A worker served over pipes inside this process.

mod controller;
mod files;
mod lifetime;
mod modules;
mod programs;
