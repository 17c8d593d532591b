//! Python's `random.Random`: the Mersenne Twister (MT19937), seeded as CPython does, so that seeded results agree.

use num_bigint::BigUint;
use num_traits::Zero;
use sha2::{Digest as _, Sha512};

const SIZE: usize = 624;
const SHIFT: usize = 397;

/// A source of numbers: a seeded twister, or the system's randomness.
pub(crate) enum Random {
    Seeded(Box<Twister>),
    System,
}

impl Random {
    /// `Random(text)`.
    pub(crate) fn from_text(text: &str) -> Self {
        let mut bytes = text.as_bytes().to_vec();
        bytes.extend_from_slice(&Sha512::digest(text.as_bytes()));
        Self::from_integer(&BigUint::from_bytes_be(&bytes))
    }

    /// `Random(number)`, of the number's magnitude.
    pub(crate) fn from_integer(number: &BigUint) -> Self {
        let mut key = number.to_u32_digits();
        if key.is_empty() {
            key.push(0);
        }
        Self::Seeded(Box::new(Twister::new(&key)))
    }

    fn word(&mut self) -> u32 {
        match self {
            Self::Seeded(twister) => twister.word(),
            Self::System => {
                let mut bytes = [0; 4];
                // A system without randomness cannot start a process either.
                let _ = getrandom::fill(&mut bytes);
                u32::from_ne_bytes(bytes)
            }
        }
    }

    /// `getrandbits(bits)`.
    fn bits(&mut self, bits: u64) -> BigUint {
        if bits == 0 {
            return BigUint::zero();
        }
        let mut words = Vec::new();
        let mut left = bits;
        while left > 0 {
            let word = self.word();
            let take = left.min(32);
            words.push(if take < 32 { word >> (32 - take) } else { word });
            left -= take;
        }
        BigUint::new(words)
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: &BigUint) -> BigUint {
        let bits = bound.bits();
        loop {
            let number = self.bits(bits);
            if number < *bound {
                return number;
            }
        }
    }

    /// An index below `length`, which is not 0.
    pub(crate) fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(&BigUint::from(length))).unwrap_or(0)
    }

    /// `shuffle(items)`.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.index(last + 1);
            items.swap(last, other);
        }
    }
}

/// The state of MT19937.
pub(crate) struct Twister {
    state: [u32; SIZE],
    at: usize,
}

impl Twister {
    /// `init_by_array` of the reference implementation.
    fn new(key: &[u32]) -> Self {
        let mut state = [0_u32; SIZE];
        let mut last = 19_650_218_u32;
        for (index, slot) in state.iter_mut().enumerate() {
            if index > 0 {
                let number = u32::try_from(index).unwrap_or(0);
                last = (last ^ (last >> 30)).wrapping_mul(1_812_433_253).wrapping_add(number);
            }
            *slot = last;
        }
        let (mut index, mut key_index) = (1, 0);
        for _ in 0..SIZE.max(key.len()) {
            let before = state[index - 1];
            state[index] = (state[index] ^ (before ^ (before >> 30)).wrapping_mul(1_664_525))
                .wrapping_add(key[key_index])
                .wrapping_add(u32::try_from(key_index).unwrap_or(0));
            index += 1;
            key_index = (key_index + 1) % key.len();
            if index >= SIZE {
                state[0] = state[SIZE - 1];
                index = 1;
            }
        }
        for _ in 0..SIZE - 1 {
            let before = state[index - 1];
            state[index] = (state[index] ^ (before ^ (before >> 30)).wrapping_mul(1_566_083_941))
                .wrapping_sub(u32::try_from(index).unwrap_or(0));
            index += 1;
            if index >= SIZE {
                state[0] = state[SIZE - 1];
                index = 1;
            }
        }
        state[0] = 0x8000_0000;
        Self { state, at: SIZE }
    }

    fn word(&mut self) -> u32 {
        if self.at >= SIZE {
            for index in 0..SIZE {
                let joined = (self.state[index] & 0x8000_0000) | (self.state[(index + 1) % SIZE] & 0x7fff_ffff);
                let twist = if joined & 1 == 0 { 0 } else { 0x9908_b0df };
                self.state[index] = self.state[(index + SHIFT) % SIZE] ^ (joined >> 1) ^ twist;
            }
            self.at = 0;
        }
        let mut word = self.state[self.at];
        self.at += 1;
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c_5680;
        word ^= (word << 15) & 0xefc6_0000;
        word ^ (word >> 18)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_python() {
        let mut random = Random::from_text("abc");
        assert_eq!(random.index(100), 98);
        let mut random = Random::from_integer(&BigUint::from(42_u32));
        assert_eq!(random.index(60), 40);
    }
}
