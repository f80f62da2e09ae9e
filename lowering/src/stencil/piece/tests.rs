use super::*;

fn piece(op: Op, inputs: &[Input]) -> (Piece, Vec<u64>) {
    let (mut piece, mut numbers) = (Piece::default(), Vec::new());
    piece.become_that_of(Some(&op), inputs.iter().copied(), Rest::default(), &mut numbers);
    (piece, numbers)
}

#[test]
fn pieces_differ_where_their_code_does() {
    let home = |home, kind, fact| Input::Home { home, kind, fact };
    let constant = |word| Input::Constant { kind: Kind::Int, word };
    // Homes and words are numbers.
    let first = piece(Op::IntAdd {}, &[home(1, Kind::Int, Fact::Nothing), constant(5)]);
    let second = piece(Op::IntAdd {}, &[home(2, Kind::Int, Fact::Nothing), constant(6)]);
    assert_eq!((&first.0, first.1, second.1), (&second.0, vec![1, 5], vec![2, 6]));
    // A sign is not, nor is a divisor.
    assert_ne!(first.0, piece(Op::IntAdd {}, &[home(1, Kind::Int, Fact::Nothing), constant(u64::MAX)]).0);
    let divided = |by| piece(Op::IntMod {}, &[home(1, Kind::Int, Fact::Nothing), constant(by)]);
    assert_ne!(divided(3).0, divided(5).0);
    assert_eq!(divided(3).1, [1]);
    // Kinds, facts and how many there are tell pieces apart, and are what is unpacked.
    let mut seen: Vec<Piece> = Vec::new();
    for n_inputs in 0..25 {
        for kind in Kind::CONCRETE {
            for fact in [Fact::Nothing, Fact::IsObject, Fact::IsImmediate] {
                let inputs = vec![home(7, kind, fact); n_inputs];
                let (piece, numbers) = piece(Op::NewTuple {}, &inputs);
                assert_eq!(numbers.len(), n_inputs);
                assert_eq!(piece.inputs().collect::<Vec<_>>(), vec![InputForm::Home { kind, fact }; n_inputs]);
                assert!(n_inputs == 0 || !seen.contains(&piece), "{piece:?}");
                seen.push(piece);
            }
        }
    }
    for class in Class::ALL {
        let form = InputForm::Constant { kind: Kind::Float, class };
        assert_eq!(InputForm::unpack(form.pack()), form);
    }
}
