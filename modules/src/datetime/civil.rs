//! Days of the proleptic Gregorian calendar, counted and written as year, month and day; and weeks as ISO 8601 has them.

pub const MIN_YEAR: i64 = 1;
pub const MAX_YEAR: i64 = 9999;
/// The last day of the last year; the first day is 1.
pub const MAX_ORDINAL: i64 = 3_652_059;
/// 1 January 1970.
pub const EPOCH_ORDINAL: i64 = 719_163;

/// Days before each month of a year that is no leap year; the first entry stands for no month.
const DAYS_BEFORE_MONTH: [i64; 13] = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
const DAYS_IN_MONTH: [i64; 13] = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const DAYS_IN_400_YEARS: i64 = 146_097;
/// From the 1 March before the first year to the first day.
const DAYS_FROM_MARCH: i64 = 306;

pub fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// `month` is one of 1 … 12.
pub fn days_in_month(year: i64, month: i64) -> i64 {
    if month == 2 && is_leap(year) { 29 } else { DAYS_IN_MONTH[month as usize] }
}

fn days_before_year(year: i64) -> i64 {
    let before = year - 1;
    before * 365 + before / 4 - before / 100 + before / 400
}

/// What is wrong with a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DateFault {
    Year(i64),
    Month(i64),
    Day { year: i64, month: i64, day: i64 },
    Week(i64),
    Weekday(i64),
}

impl DateFault {
    pub fn message(self) -> String {
        match self {
            DateFault::Year(year) => format!("year must be in {MIN_YEAR}..{MAX_YEAR}, not {year}"),
            DateFault::Month(month) => format!("month must be in 1..12, not {month}"),
            DateFault::Day { year, month, day } => {
                let last = days_in_month(year, month);
                format!("day {day} must be in range 1..{last} for month {month} in year {year}")
            }
            DateFault::Week(week) => format!("Invalid week: {week}"),
            DateFault::Weekday(day) => format!("Invalid weekday: {day} (range is [1, 7])"),
        }
    }
}

/// A day that there is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Civil {
    year: u16,
    month: u8,
    day: u8,
}

/// A day as ISO 8601 has it; the year may be 0 or 10000, where the week is one of the year next to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct IsoDay {
    pub year: i64,
    pub week: i64,
    /// From 1, a Monday.
    pub weekday: i64,
}

impl Civil {
    pub const MIN: Civil = Civil { year: 1, month: 1, day: 1 };
    pub const MAX: Civil = Civil { year: 9999, month: 12, day: 31 };

    pub fn new(year: i64, month: i64, day: i64) -> Result<Civil, DateFault> {
        if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
            return Err(DateFault::Year(year));
        }
        if !(1..=12).contains(&month) {
            return Err(DateFault::Month(month));
        }
        if day < 1 || day > 28 && day > days_in_month(year, month) {
            return Err(DateFault::Day { year, month, day });
        }
        Ok(Civil { year: year as u16, month: month as u8, day: day as u8 })
    }

    pub fn year(self) -> i64 {
        self.year.into()
    }
    pub fn month(self) -> i64 {
        self.month.into()
    }
    pub fn day(self) -> i64 {
        self.day.into()
    }

    /// Another day of the month, which it has.
    pub fn with_day(self, day: u8) -> Civil {
        Civil { day, ..self }
    }

    /// All in one number, which grows with the date.
    pub fn packed(self) -> u32 {
        u32::from(self.year) << 16 | u32::from(self.month) << 8 | u32::from(self.day)
    }

    /// The day by its number; `None`: there is none.
    pub fn from_ordinal(ordinal: i64) -> Option<Civil> {
        if !(1..=MAX_ORDINAL).contains(&ordinal) {
            return None;
        }
        let (year, month, day) = parts_of_ordinal(ordinal);
        Some(Civil { year: year as u16, month: month as u8, day: day as u8 })
    }

    /// The year of a day that may be beyond the last one.
    pub fn year_of_ordinal(ordinal: i64) -> i64 {
        parts_of_ordinal(ordinal).0
    }

    pub fn ordinal(self) -> i64 {
        days_before_year(self.year()) + self.day_of_year()
    }

    /// From 1.
    pub fn day_of_year(self) -> i64 {
        let leap_day = self.month > 2 && is_leap(self.year());
        DAYS_BEFORE_MONTH[self.month as usize] + i64::from(leap_day) + self.day()
    }

    /// From 0, a Monday.
    pub fn weekday(self) -> i64 {
        (self.ordinal() + 6) % 7
    }

    pub fn iso(self) -> IsoDay {
        let ordinal = self.ordinal();
        let mut year = self.year();
        let mut first = first_iso_monday(year);
        if ordinal < first {
            year -= 1;
            first = first_iso_monday(year);
        } else if ordinal >= first + 52 * 7 {
            let next = first_iso_monday(year + 1);
            if ordinal >= next {
                (year, first) = (year + 1, next);
            }
        }
        IsoDay { year, week: (ordinal - first) / 7 + 1, weekday: (ordinal - first) % 7 + 1 }
    }

    pub fn from_iso(iso: IsoDay) -> Result<Civil, DateFault> {
        let IsoDay { year, week, weekday } = iso;
        if !(MIN_YEAR..=MAX_YEAR).contains(&year) {
            return Err(DateFault::Year(year));
        }
        if !(1..=53).contains(&week) || week == 53 && !has_week_53(year) {
            return Err(DateFault::Week(week));
        }
        if !(1..=7).contains(&weekday) {
            return Err(DateFault::Weekday(weekday));
        }
        let ordinal = first_iso_monday(year) + (week - 1) * 7 + weekday - 1;
        Civil::from_ordinal(ordinal).ok_or(DateFault::Year(if ordinal < 1 { MIN_YEAR - 1 } else { MAX_YEAR + 1 }))
    }
}

/// Year, month and day of a number from 1 on.
fn parts_of_ordinal(ordinal: i64) -> (i64, i64, i64) {
    // Years that begin in March have the leap day at their end.
    let days = ordinal - 1 + DAYS_FROM_MARCH;
    let (cycle, day_of_cycle) = (days / DAYS_IN_400_YEARS, days % DAYS_IN_400_YEARS);
    // Leap days that came before in the cycle are taken out, and what is left divides evenly.
    let leap_days = day_of_cycle / 1460 - day_of_cycle / 36_524 + day_of_cycle / 146_096;
    let year_of_cycle = (day_of_cycle - leap_days) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    // Five months in a row have 153 days.
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let is_next_year = month_from_march >= 10;
    let month = if is_next_year { month_from_march - 9 } else { month_from_march + 3 };
    (cycle * 400 + year_of_cycle + i64::from(is_next_year), month, day)
}

/// The Monday of the week with the year's first Thursday.
fn first_iso_monday(year: i64) -> i64 {
    let first = days_before_year(year) + 1;
    let weekday = (first + 6).rem_euclid(7);
    if weekday > 3 { first + 7 - weekday } else { first - weekday }
}

/// A year of ISO weeks has 53 where it has as many Thursdays.
fn has_week_53(year: i64) -> bool {
    first_iso_monday(year + 1) - first_iso_monday(year) == 53 * 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_one_by_one() {
        let (mut year, mut month, mut day) = (1, 1, 1);
        for ordinal in 1..=MAX_ORDINAL {
            let civil = Civil::new(year, month, day);
            assert_eq!(Civil::from_ordinal(ordinal).ok_or(DateFault::Year(0)), civil);
            assert_eq!(civil.map(Civil::ordinal), Ok(ordinal));
            day += 1;
            if day > days_in_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
        assert_eq!((year, Civil::from_ordinal(0), Civil::from_ordinal(MAX_ORDINAL + 1)), (10_000, None, None));
    }

    #[test]
    fn weeks_go_there_and_back() {
        for ordinal in (1..MAX_ORDINAL - 3).step_by(5) {
            let civil = Civil::from_ordinal(ordinal).expect("a day");
            let iso = civil.iso();
            assert_eq!(iso.weekday, civil.weekday() + 1);
            assert!((1..=53).contains(&iso.week));
            assert_eq!(Civil::from_iso(iso), Ok(civil));
        }
        let none = Civil::from_iso(IsoDay { year: 9999, week: 52, weekday: 7 });
        assert_eq!(none, Err(DateFault::Year(10_000)));
    }
}
