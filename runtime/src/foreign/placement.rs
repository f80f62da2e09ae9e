//! Which argument goes where, by System V's rules for x86-64.

use smallvec::SmallVec;

/// What an eightbyte of an argument or result is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub enum Class {
    General,
    Float,
    /// In memory: what is on the stack.
    Memory,
}

/// Where an eightbyte is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    General(usize),
    Float(usize),
    Stack(usize),
}

/// The places taken so far.
#[derive(Clone, Debug, Default)]
pub struct Placement {
    pub n_general: usize,
    pub n_floats: usize,
    pub n_stack: usize,
}

impl Placement {
    pub const N_GENERAL: usize = 6;
    pub const N_FLOATS: usize = 8;

    /// The places of the next argument, of which these are the eightbytes: all in registers, or none.
    pub fn place(&mut self, classes: &[Class], align_bytes: usize) -> SmallVec<[Place; 2]> {
        let count = |class| classes.iter().filter(|&&one| one == class).count();
        let fits = !classes.contains(&Class::Memory)
            && self.n_general + count(Class::General) <= Self::N_GENERAL
            && self.n_floats + count(Class::Float) <= Self::N_FLOATS;
        if !fits && align_bytes > 8 {
            self.n_stack = self.n_stack.next_multiple_of(align_bytes / 8);
        }
        let mut next = |class: Class| {
            let (count, place): (&mut usize, fn(usize) -> Place) = match class {
                Class::General if fits => (&mut self.n_general, Place::General),
                Class::Float if fits => (&mut self.n_floats, Place::Float),
                _ => (&mut self.n_stack, Place::Stack),
            };
            *count += 1;
            place(*count - 1)
        };
        classes.iter().map(|&class| next(class)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_goes_to_the_stack_whole() {
        let mut placement = Placement { n_general: 5, ..Placement::default() };
        let both = placement.place(&[Class::General, Class::General], 8);
        assert_eq!(both[..], [Place::Stack(0), Place::Stack(1)]);
        assert_eq!(placement.place(&[Class::General], 8)[..], [Place::General(5)]);
        assert_eq!(placement.place(&[Class::Float, Class::General], 8)[..], [Place::Stack(2), Place::Stack(3)]);
    }
}
