import LogModel

/// What a text says about a time, before it is known whether there is such a time.
struct CivilFields {
    enum Zone {
        /// That of the clock.
        case clock
        /// Seconds ahead of UTC.
        case offset(Int)
        /// A name that the clock's zone uses.
        case abbreviation(ZoneAbbreviation)
    }

    enum Date {
        case none
        case monthAndDay
        case dayOfYear
    }

    var date = Date.none
    var year: Int?
    var month = 1
    /// Of the month, or of the year.
    var day = 1
    /// 0 for Sunday.
    var weekday: Int?
    var hour = 0
    var minute = 0
    var second = 0
    /// Whether the hour is one of the afternoon's twelve, or of the morning's; nil when it is one of the day's.
    var isAfternoon: Bool?
    var nanosecond = 0
    var fractionDigits = 0
    var zone = Zone.clock

    /// How long after the reference a time may be whose year is missing: a day, because the zone may be wrong.
    static let toleranceOfYear = 86_400
    /// How long after the reference a time may be whose date is missing: an hour, because the writer's clock may be ahead.
    static let toleranceOfDate = 3600
    /// How many years are tried for one in which a date without year exists and is its weekday. All weekdays of a date except
    /// the 29th of February occur within twelve years.
    static let yearsTried = 12
}

extension CivilFields {
    /// The time that the fields name; nil when there is none such, as for 30 February or 25:00.
    @inline(__always)
    func timestamp(
        range: Range<Int>, clock: inout CivilClock, reference: WallTime
    ) -> Timestamp? {
        guard let secondOfDay, hasPossibleDate else { return nil }
        var assumed: Timestamp.Assumptions = []
        if case .clock = zone { assumed = .zone }
        var seconds: Int?
        if date != .none, let year {
            if let day = dayNumber(in: year) { seconds = self.seconds(day, secondOfDay, &clock) }
        } else {
            assumed.insert(date == .none ? .date : .year)
            seconds = nearest(to: reference, secondOfDay, &clock)
        }
        guard let seconds, let instant = WallTime(seconds: seconds, nanosecond: nanosecond) else { return nil }
        return Timestamp(instant: instant, fractionDigits: fractionDigits, range: range, assumed: assumed)
    }

    /// Nil for times that no clock shows; 23:59:60 is the second after 23:59:59.
    @inline(__always)
    private var secondOfDay: Int? {
        guard minute < 60, second <= 60 else { return nil }
        guard let isAfternoon else { return hour < 24 ? hour * 3600 + minute * 60 + second : nil }
        guard (1...12).contains(hour) else { return nil }
        return (hour % 12 + (isAfternoon ? 12 : 0)) * 3600 + minute * 60 + second
    }

    @inline(__always)
    private var hasPossibleDate: Bool { month >= 1 && month <= 12 && day >= 1 && day <= 366 }

    /// Days from 1970-01-01; nil when the year does not have that date, or it is another weekday there.
    @inline(__always)
    private func dayNumber(in year: Int) -> Int? {
        let number: Int
        if date == .dayOfYear {
            guard day < 366 || Calendar.isLeap(year) else { return nil }
            number = Calendar.dayNumber(year: year, month: 1, day: day)
        } else {
            guard day <= 28 || day <= Calendar.days(inMonth: month, of: year) else { return nil }
            number = Calendar.dayNumber(year: year, month: month, day: day)
        }
        if let weekday, weekday != Calendar.weekday(ofDay: number) { return nil }
        return number
    }

    /// Seconds after 1970.
    @inline(__always)
    private func seconds(_ dayNumber: Int, _ secondOfDay: Int, _ clock: inout CivilClock) -> Int? {
        let local = dayNumber * Calendar.secondsPerDay + secondOfDay
        return switch zone {
        case .clock: clock.seconds(ofLocal: local)
        case .offset(let offset): local - offset
        case .abbreviation(let name): clock.seconds(ofLocal: local, abbreviation: name)
        }
    }

    /// The latest time that the fields may mean and that is not too long after the reference.
    private func nearest(to reference: WallTime, _ secondOfDay: Int, _ clock: inout CivilClock) -> Int? {
        let tolerance = date == .none ? Self.toleranceOfDate : Self.toleranceOfYear
        let latest = Calendar.floorDivide(Int(reference.nanoseconds), 1_000_000_000) + tolerance
        // Nothing that is in time has a later date on a clock that is as far ahead as this one then.
        let offset = if case .offset(let offset) = zone { offset } else { clock.period(atSecond: latest).offset }
        let lastDay = Calendar.floorDivide(latest + offset, Calendar.secondsPerDay)
        if date == .none {
            for day in stride(from: lastDay, through: lastDay - 7, by: -1) {
                if let weekday, weekday != Calendar.weekday(ofDay: day) { continue }
                if let seconds = seconds(day, secondOfDay, &clock), seconds <= latest { return seconds }
            }
        } else {
            let lastYear = clock.year(ofDay: lastDay)
            for year in stride(from: lastYear, to: lastYear - Self.yearsTried, by: -1) {
                guard let day = dayNumber(in: year), let seconds = seconds(day, secondOfDay, &clock) else { continue }
                if seconds <= latest { return seconds }
            }
        }
        return nil
    }
}
