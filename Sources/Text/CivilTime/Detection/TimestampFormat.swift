/// How a time is written that was recognised without a layout.
public enum TimestampFormat: String, Hashable, Sendable, CaseIterable {
    /// `2025-11-23T10:00:00.123Z`, also with a space or two between, and without a zone: ISO 8601, RFC 3339, RFC 5424, Python's
    /// logging, dpkg, PostgreSQL.
    case iso8601
    /// `2025/11/23 10:00:00`, and with points between the numbers: nginx's error log, Go's log package, rsync; ClickHouse.
    case numeric
    /// `23/Nov/2025:10:00:00 +0100`: the access logs of Apache and nginx.
    case access
    /// `23 Nov 2025 10:00:00`, `23-Nov-2025 10:00:00`, with a weekday or without: RFC 1123, Redis, BIND, Tomcat.
    case dayFirst
    /// `Nov 23 10:00:00`, with a year or without: RFC 3164; `Nov 23, 2025 10:00:00 AM`: Java.
    case monthFirst
    /// `Sun Nov 23 10:00:00 2025`, with a zone before the year or without: C's `asctime`, `date`, Apache's error log.
    case weekdayFirst
    /// `I1123 10:00:00.123456`: glog, klog, Kubernetes.
    case klog
    /// `11-23 10:00:00.123  1234  1234 I `, Android.
    case logcat
    /// Seconds since 1970 in 10 digits with or without a fraction, or milli-, micro- or nanoseconds in 13, 16 or 19.
    case epoch
}
