// Made from rules/patterns by Tools/embed_patterns.py; edit those files. `make check` compares.
// swift-format-ignore-file

/// The text of every file of rules/patterns, by its name.
enum ShippedLibraries {
    static let texts: [(name: String, text: String)] = [
        ("access-log", #"""
            # Access logs of nginx and Apache in the combined or common format; the time of a request when it is logged at the end.
            patterns:
              - name: access
                match: '^\S+ \S+ .{0,80}?\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "(?:(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) )?(?:[^"\\]|\\.)*" (?<code>[1-5]\d\d) (?:\d+|-)(?= |$)'
                metrics:
                  - counter: http_requests_total
                    help: Requests that were answered, by method and status; without a method when it is none of HTTP's.
                    labels: {method: $method, code: $code}
                    label_values: {method: [GET, POST], code: ["200", "404", "500"]}
                tests:
                  - line: '192.168.1.23 - - [23/Mar/2018:12:31:01 +0000] "GET /api/config HTTP/1.1" 200 28 "https://e.example/" "libcurl"'
                    expect: {'http_requests_total{method="GET",code="200"}': 1, http_response_bytes_total: 28}
                  - line: '2001:db8::1 - jo doe [23/Mar/2018:12:31:05 +0000] "GET /a\"b HTTP/1.1" 304 - "-" "-"'
                    expect: {'http_requests_total{method="GET",code="304"}': 1, http_response_bytes_total: 0}
                  - line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "\x16\x03\x01" 400 157 "-" "-"'
                    expect: {'http_requests_total{method="",code="400"}': 1}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 999 1', no_match: true}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1x', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - INFO - "GET / HTTP/1.1" 200 1', no_match: true}

              - name: access-bytes
                match: '^\S+ \S+ .{0,80}?\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "(?:[^"\\]|\\.)*" [1-5]\d\d (?<bytes>\d+)(?= |$)'
                metrics:
                  - counter: http_response_bytes_total
                    help: Bytes of all answers, without their headers.
                    unit: bytes
                    value: $bytes
                tests:
                  - lines:
                      - '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "-"'
                      - '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 500'
                    expect: {http_response_bytes_total: 1500, 'http_requests_total{method="GET",code="200"}': 2}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 304 - "-" "-"', no_match: true}

              # nginx's $request_time behind the combined format, or behind further fields in quotes, bare or as `rt=`; seconds with a point.
              - name: access-duration
                match: '^\S+ \S+ .{0,80}?\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "(?:[^"\\]|\\.)*" [1-5]\d\d (?:\d+|-)(?: "(?:[^"\\]|\\.)*"){2,6} (?:rt=|request_time=)?(?<duration>\d+\.\d+)(?= |$)'
                metrics:
                  - histogram: http_request_duration_seconds
                    help: How long requests took.
                    unit: seconds
                    value: $duration
                tests:
                  - line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl" 0.125'
                    expect: {http_request_duration_seconds_count: 1, http_request_duration_seconds_sum: 0.125}
                  - line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl" rt=2.5 uct="0.000"'
                    expect: {'http_request_duration_seconds_bucket{le="2.5"}': 1, http_request_duration_seconds_sum: 2.5}
                  - line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl" "1.2.3.4" 0.125'
                    expect: {http_request_duration_seconds_count: 1, http_request_duration_seconds_sum: 0.125}
                  - line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 304 - "-" "curl" 0.125'
                    expect: {http_request_duration_seconds_count: 1, http_request_duration_seconds_sum: 0.125}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl"', no_match: true}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl" 10.0.0.1', no_match: true}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl" "0.125"', no_match: true}

            """#),
        ("backtests", #"""
            # Results of backtests: walk-forward windows and Monte Carlo simulations.
            patterns:
              - name: backtest-walk-forward
                match: '\b[Ww]alk[- _][Ff]orward\b.{0,200}?\b(?:window|fold|split|step)[ =:#]+(?<window>\d(?:[^\s,.;:/|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;:|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: backtest_walk_forward_window
                    help: The window of the walk-forward analysis that ended last.
                    value: $window
                    digit_groups: comma
                  - counter: backtest_results_total
                    help: Results of backtests, by kind.
                    labels: {kind: walk_forward}
                tests:
                  - lines: ['Walk-forward window 1/12: sharpe=1.5 return=5% max_drawdown=-10%', 'walk_forward fold=2 sharpe=0.5']
                    expect: {backtest_walk_forward_window: 2, 'backtest_results_total{kind="walk_forward"}': 2, 'backtest_sharpe_ratio{kind="walk_forward"}': 0.5, 'backtest_return_ratio{kind="walk_forward"}': 0.05, 'backtest_max_drawdown_ratio{kind="walk_forward"}': -0.1}
                  - {line: 'walk-forward window 1,200: done', expect: {backtest_walk_forward_window: 1200}}
                  - {line: 'walk-forward starts', no_match: true}

              - name: backtest-walk-forward-sharpe
                match: '\b[Ww]alk[- _][Ff]orward\b.{0,400}?\b[Ss]harpe(?:[_ ]ratio)?[=: ]+(?<sharpe>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: backtest_sharpe_ratio
                    help: The latest Sharpe ratio, by kind of backtest.
                    value: $sharpe
                    digit_groups: comma
                    labels: {kind: walk_forward}
                tests:
                  - {line: 'Walk-forward window 1: Sharpe ratio: -0.25', expect: {'backtest_sharpe_ratio{kind="walk_forward"}': -0.25}}
                  - {line: 'Walk-forward window 1: sharpe=1.5e-1', expect: {'backtest_sharpe_ratio{kind="walk_forward"}': 0.15}}
                  - line: 'Walk-forward window 1: sharpe=nan'
                    expect: {'backtest_sharpe_ratio{kind="walk_forward"}': null, 'outrider_values_rejected_total{metric="backtest_sharpe_ratio",reason="nan"}': 1}
                  - line: 'Walk-forward window 1: sharpe=1.5k'
                    expect: {'backtest_sharpe_ratio{kind="walk_forward"}': null, 'outrider_values_rejected_total{metric="backtest_sharpe_ratio",reason="not_a_number"}': 1}
                  - {line: 'Sharpe ratio: 1', no_match: true}

              - name: backtest-walk-forward-return
                match: '\b[Ww]alk[- _][Ff]orward\b.{0,400}?\b(?:total[_ ]|mean[_ ])?[Rr]eturn[=: ]+(?<return>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*(?: ?%)?)'
                metrics:
                  - gauge: backtest_return_ratio
                    help: The latest return (0.05 is 5 %), by kind of backtest.
                    unit: ratio
                    value: $return
                    digit_groups: comma
                    labels: {kind: walk_forward}
                tests:
                  - {line: 'Walk-forward window 1: total_return=-2.5%', expect: {'backtest_return_ratio{kind="walk_forward"}': -0.025}}
                  - {line: 'Walk-forward window 1: return=1,250%, sharpe=1.', expect: {'backtest_return_ratio{kind="walk_forward"}': 12.5, 'backtest_sharpe_ratio{kind="walk_forward"}': 1}}
                  - {line: 'return 5%', no_match: true}

              - name: backtest-walk-forward-drawdown
                match: '\b[Ww]alk[- _][Ff]orward\b.{0,400}?\b(?:max[_ ])?[Dd]rawdown[=: ]+(?<drawdown>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*(?: ?%)?)'
                metrics:
                  - gauge: backtest_max_drawdown_ratio
                    help: The latest greatest drawdown (0.1 is 10 %), by kind of backtest.
                    unit: ratio
                    value: $drawdown
                    digit_groups: comma
                    labels: {kind: walk_forward}
                tests:
                  - {line: 'walk-forward split 3: drawdown: 0.125', expect: {'backtest_max_drawdown_ratio{kind="walk_forward"}': 0.125}}
                  - {line: 'walk-forward split 3: drawdown: 1.25e-1.', expect: {'backtest_max_drawdown_ratio{kind="walk_forward"}': 0.125}}
                  - {line: 'drawdown: 0.125', no_match: true}

              - name: backtest-monte-carlo
                match: '\b[Mm]onte[- _][Cc]arlo\b.{0,200}?(?:\b(?:simulations|runs|paths|trials)[=: ]+\d+|\b\d+ (?:simulations|runs|paths|trials)\b)'
                metrics:
                  - counter: backtest_results_total
                    labels: {kind: monte_carlo}
                tests:
                  - {line: 'Monte Carlo: 1000 simulations, mean return=4%, sharpe=1.25, max drawdown=20%', expect: {'backtest_results_total{kind="monte_carlo"}': 1, 'backtest_return_ratio{kind="monte_carlo"}': 0.04, 'backtest_sharpe_ratio{kind="monte_carlo"}': 1.25, 'backtest_max_drawdown_ratio{kind="monte_carlo"}': 0.2}}
                  - {line: 'monte_carlo simulations=500 p5=-0.1', expect: {'backtest_results_total{kind="monte_carlo"}': 1}}
                  - {line: 'Monte Carlo starts', no_match: true}

              - name: backtest-monte-carlo-sharpe
                match: '\b[Mm]onte[- _][Cc]arlo\b.{0,400}?\b[Ss]harpe(?:[_ ]ratio)?[=: ]+(?<sharpe>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: backtest_sharpe_ratio
                    value: $sharpe
                    digit_groups: comma
                    labels: {kind: monte_carlo}
                tests:
                  - {line: 'monte-carlo sharpe: 2', expect: {'backtest_sharpe_ratio{kind="monte_carlo"}': 2}}
                  - {line: 'monte-carlo sharpe=5.2e-05', expect: {'backtest_sharpe_ratio{kind="monte_carlo"}': 0.000052}}
                  - {line: 'Monte Carlo without', no_match: true}

              - name: backtest-monte-carlo-return
                match: '\b[Mm]onte[- _][Cc]arlo\b.{0,400}?\b(?:total[_ ]|mean[_ ])?[Rr]eturn[=: ]+(?<return>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*(?: ?%)?)'
                metrics:
                  - gauge: backtest_return_ratio
                    unit: ratio
                    value: $return
                    digit_groups: comma
                    labels: {kind: monte_carlo}
                tests:
                  - {line: 'Monte Carlo mean_return=0.05', expect: {'backtest_return_ratio{kind="monte_carlo"}': 0.05}}
                  - {line: 'Monte Carlo mean_return=1,250 %', expect: {'backtest_return_ratio{kind="monte_carlo"}': 12.5}}
                  - {line: 'Monte Carlo returns soon', no_match: true}

              - name: backtest-monte-carlo-drawdown
                match: '\b[Mm]onte[- _][Cc]arlo\b.{0,400}?\b(?:max[_ ])?[Dd]rawdown[=: ]+(?<drawdown>[-+]?(?:\.?\d|(?i:nan|inf)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\%]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*(?: ?%)?)'
                metrics:
                  - gauge: backtest_max_drawdown_ratio
                    unit: ratio
                    value: $drawdown
                    digit_groups: comma
                    labels: {kind: monte_carlo}
                tests:
                  - {line: 'Monte Carlo drawdown=30 %', expect: {'backtest_max_drawdown_ratio{kind="monte_carlo"}': 0.3}}
                  - {line: 'Monte Carlo without', no_match: true}

            """#),
        ("database-operations", #"""
            # A database as its clients and servers log it: operations, how long queries take, and what goes wrong.
            patterns:
              - name: database-operation
                match: '\b(?:db_|database_)?operation["'']?[=: ]+["'']?(?<operation>select|insert|update|delete|upsert|commit|rollback)(?![\w-])'
                metrics:
                  - counter: database_operations_total
                    help: Operations on the database, by kind.
                    labels: {operation: $operation}
                    label_values: {operation: [select, insert, update, delete, upsert, commit, rollback]}
                tests:
                  - {line: 'db_operation=insert table=predictions rows=1', expect: {'database_operations_total{operation="insert"}': 1}}
                  - {line: '{"operation":"insert","rows":1}', expect: {'database_operations_total{operation="insert"}': 1}}
                  - {line: 'operation=restart', no_match: true}
                  - {line: 'operation=update-cache', no_match: true}

              # What a client logs; a line of PostgreSQL's own belongs to the pattern below, whatever its statement says.
              - name: database-query-duration
                match: '^(?!.*\bLOG:  duration:).*?\b(?:[Qq]uery|QUERY|SQL|sql|[Tt]ransaction)\b.{0,200}?\b(?:took|duration["'']?[=:]|elapsed["'']?[=:]|completed in|executed in|finished in) ?["'']?(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))'
                metrics:
                  - histogram: database_query_duration_seconds
                    help: How long queries took, as far as they are logged.
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                tests:
                  - lines: ['Slow query took 1.5 s: SELECT 1', 'query completed in 250ms', 'SQL duration=250ms']
                    expect: {database_query_duration_seconds_count: 3, database_query_duration_seconds_sum: 2}
                  - lines: ['slow query duration: 12.500 ms', 'SQL duration: 12.500 ms']
                    expect: {database_query_duration_seconds_count: 2, database_query_duration_seconds_sum: 0.025}
                  - {line: 'query took 1,250.0 ms', expect: {database_query_duration_seconds_sum: 1.25}}
                  - {line: 'query took long', no_match: true}

              # PostgreSQL's log_min_duration_statement, and log_duration. The steps of a prepared statement count when it is executed.
              - name: database-postgresql-duration
                match: '\bLOG:  duration: (?<duration>\d[\d.]* ms)(?: |$)(?! *(?:plan|parse|bind)\b)'
                metrics:
                  - histogram: database_query_duration_seconds
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                tests:
                  - line: '2025-11-23 10:00:00.123 UTC [42] LOG:  duration: 1250.000 ms  statement: SELECT pg_sleep(1)'
                    expect: {database_query_duration_seconds_sum: 1.25}
                  - line: '2025-11-23 10:00:00.123 UTC [42] query@db LOG:  duration: 12.500 ms  statement: select 1'
                    expect: {database_query_duration_seconds_count: 1, database_query_duration_seconds_sum: 0.0125}
                  - {line: 'LOG:  duration: 12.5 ms', expect: {database_query_duration_seconds_sum: 0.0125}}
                  - {line: 'LOG:  duration: 12.5 ms  plan:', no_match: true}
                  - {line: 'LOG:  duration: 12.5 ms  bind <unnamed>: select 1', no_match: true}
                  - {line: 'duration: 12.5 ms ', no_match: true}

              - name: database-problem
                match: '(?<![Nn]o )\b(?<problem>deadlock detected|Deadlock found|database is locked|too many clients already|Too many connections|could not serialize access|duplicate key value|QueuePool limit|connection pool exhausted|Lock wait timeout exceeded|server closed the connection unexpectedly|MySQL server has gone away)\b'
                metrics:
                  - counter: database_problems_total
                    help: Messages of PostgreSQL, MySQL, SQLite and SQLAlchemy about locks, limits and lost connections.
                    labels: {problem: $problem}
                tests:
                  - {line: 'ERROR:  deadlock detected', expect: {'database_problems_total{problem="deadlock detected"}': 1}}
                  - line: 'sqlite3.OperationalError: database is locked'
                    expect: {'database_problems_total{problem="database is locked"}': 1}
                  - line: 'sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached'
                    expect: {'database_problems_total{problem="QueuePool limit"}': 1}
                  - {line: 'no deadlock here', no_match: true}
                  - {line: 'No deadlock detected', no_match: true}

            """#),
        ("default", #"""
            # What an agent takes out of a log without a configuration: levels, also of JSON
            # and logfmt, tracebacks, heartbeats, submissions, requests of access logs, and
            # words that mean trouble.
            patterns:
              - use: [python-logging, json-levels, heartbeat, submission, mentions]

              # As in the library `access-log`, but no series exists before its first line: most logs are none of requests.
              - name: access
                match: '^\S+ \S+ .{0,80}?\[\d\d/[A-Z][a-z][a-z]/\d{4}:[^\]]+\] "(?:(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT|TRACE) )?(?:[^"\\]|\\.)*" (?<code>[1-5]\d\d) (?:\d+|-)(?= |$)'
                metrics:
                  - counter: http_requests_total
                    help: Requests that were answered, by method and status; without a method when it is none of HTTP's.
                    labels: {method: $method, code: $code}
                tests:
                  - line: '192.168.1.23 - - [23/Mar/2018:12:31:01 +0000] "GET /api/config HTTP/1.1" 200 28 "https://e.example/" "libcurl"'
                    expect: {'http_requests_total{method="GET",code="200"}': 1}
                  - line: '2025-11-23 10:00:00,123 - INFO - "GET / HTTP/1.1" 200 1'
                    expect: {'http_requests_total{method="GET",code="200"}': null}
                    no_match: true

            """#),
        ("heartbeat", #"""
            # Lines by which a service says that it is alive, hourly: the heartbeat `service`; and those that miss one.
            patterns:
              # The word in capitals; or a message that is a heartbeat and nothing else, that says something good of it, or that begins with it
              # and goes on with fields.
              # What speaks of heartbeats that were missed, lost or late, or of how they are set up, is none, and no line of an error is.
              - name: heartbeat
                match: |-
                  (?xm) ^ (?! [ \t] | .{0,60}? \b (?: ERROR|CRITICAL|FATAL ) \b | .{0,80}? \b level"?[=:][ ]?"?(?i: error|critical|fatal ) \b ) .*?
                  (?: \b (?= HEARTBEAT ) (?<! (?i) \bno[ ]|\bnot[ ]|\bnon[ ]|\bmissed[ ]|\bmissing[ ]|\blost[ ]|\blast[ ]|\bnext[ ]|\bwithout[ ]|\bexpected[ ]|\bexpecting[ ]|\bawaiting[ ]|\bfor[ ]|\bsince[ ]|\buntil[ ]|\bprevious[ ]|\bstale[ ]|\blate[ ]|\bfailed[ ]|\bskipped[ ] ) HEARTBEAT \b
                    | (?: ^ | ^[A-Z]{4,8}:[\w.]{1,60}: | [\])}|:;>,!.-]\s+ | [:=]\s?" | \w= | \[ | \b(?:TRACE|DEBUG|INFO|NOTICE|SUCCESS|WARN|WARNING)\s+
                        | \d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d)?\s+ | [\x80-\xff]\s* | \w\.\w+\s+ | \w=\S{1,200}\s+ )
                      (?: (?i: sending|sent|received|receiving|emitting|emitted|publishing|published|got ) [ ] (?: (?: a|the ) [ ] )?
                        | [Ww]orker [ #-] [\w@.-]{1,60} :? [ ]
                        | (?! (?i: no|not|non|miss\w*|los\w*|last|next|without|expect\w*|await\w*|wait\w*|stale|late|fail\w*|stop\w*|bad|invalid|for|since|until
                              |if|when|the|an?|previous|first|error|skip\w*|cannot|can|never|disabl\w*|dead|timeout|ignor\w*|unexpected|duplicate|old|start\w*
                              |enabl\w*|config\w*|set\w*|check\w* ) \b ) [\w@.-]{1,60} [ ] )?
                      [Hh]eartbeat \b (?! "\s*: ) [\])"]{0,3}
                      (?= \s*[.!]*\s*$ | (?<= \] ) [ ] | [,;}] | \s*[:|] | [ ] -+ [ ] | \s+[\[({*<] | \s*[\x80-\xff] | [ ] [#]?\d | [ ] [\w.]+=
                        | [ ] (?i: ok|sent|received|alive|success|successful|healthy|ack|acked|acknowledged|done|tick|cycle|still|up|running|from|to|at|pong|emitted
                               |published|delivered|is [ ] (?: ok|alive|up )|check [ ] (?: ok|passed ) ) \b ) )
                  (?! \s* [:|-]* \s* (?i: interval|timeout|period|every|threshold|config\w*|to [ ] be ) \b )
                  (?! \s+ (?i: monitor\w*|thread|service|task ) \b )
                  (?! \s* [:=] \s* (?: \d+ (?: \.\d+ )? \s? (?: m?s|m|h|sec\w*|min\w* )? | true|false|null|on|off|enabled|disabled ) \s* (?: $ | [,}] ) )
                  (?! \s* [:|-]* \s* \d+ [ ]? \w+ [ ] ago \b )
                  (?! .{0,60}? \b (?i: ok|success|alive|sent|received|healthy ) "? [ ]? [=:] [ ]? "? (?i: false|no|none|null|0 ) \b )
                  (?! .{0,60}? (?: HTTP[ /]|->[ ]|\bstatus[=:][ ]?|:[ ] ) [45]\d\d \b )
                  (?! .{0,80}? \b (?i: missed|missing|lost|losing|fail|fails|failed|failing|failure|time[ds]?[ -]?out|not|never|stop|stopped|stopping|error|exception
                        |dead|down|late|overdue|expired|skipped|disabled|refused|unreachable|unavailable|stale|absent|delayed|disconnected|unhealthy|seen|cannot|waiting|reset|\w+n't|no(?![ ](?:errors|failures|problems|issues)\b)
                        |interval|threshold ) \b (?! "? = | "\s*: | :\s*(?:0|none|None|null|no|never)\b ) )
                heartbeat: service
                metrics:
                  - counter: log_heartbeats_total
                    help: Heartbeats. One that stops growing is a service that stopped.
                tests:
                  - {line: '2025-11-23 10:00:00,123 - INFO - HEARTBEAT', expect: {log_heartbeats_total: 1, 'outrider_heartbeats_total{heartbeat="service"}': 1}}
                  - {lines: ['heartbeat ok latency_ms=12', 'Heartbeat sent'], expect: {log_heartbeats_total: 2}}
                  - lines:
                      - 'HEARTBEAT'
                      - '2025-11-23 10:00:00 INFO Heartbeat: alive, errors=0'
                      - '2025-11-23 10:00:00,123 - INFO - bot heartbeat ok'
                      - '2025-11-23 10:00:00,123 - bot.main - INFO - Heartbeat #12'
                      - '2025-11-23 10:00:00,123 - INFO - [HEARTBEAT] uptime=3600'
                      - '2025-11-23 10:00:00,123 - INFO - Sending heartbeat to hub'
                      - '2025-11-23 10:00:00,123 - INFO - Heartbeat received from node 3'
                      - '2025-11-23 10:00:00,123 - INFO - 💓 Heartbeat - height 42'
                      - '2025-11-23 10:00:00,123 - INFO - [Heartbeat] Bot is alive, no errors'
                      - '2025-11-23 10:00:00,123 - INFO - Heartbeat: bot is running. Last submission: 5m ago'
                      - '{"level":"info","msg":"heartbeat","error":null}'
                      - 'time=2025-11-23T10:00:00Z level=info msg=heartbeat latency_ms=5'
                      - 'Worker 3 heartbeat: tasks_processed=12 tasks_failed=1'
                      - 'INFO:root:HEARTBEAT'
                      - '2025-11-23 10:00:00,123 - INFO - HEARTBEAT | last error: none | failed=0'
                      - 'INFO:root:heartbeat'
                      - '2025-11-23 10:00:00,123 - INFO - HEARTBEAT still alive'
                      - '2025-11-23 10:00:00,123 - INFO - HEARTBEAT cycle 12'
                      - '2025-11-23 10:00:00,123 - INFO - *** HEARTBEAT ***'
                      - '2025-11-23 10:00:00,123 - INFO - ---HEARTBEAT---'
                      - '2025-11-23 10:00:00,123 - INFO - hourly heartbeat: service is alive'
                    expect: {log_heartbeats_total: 21, log_heartbeats_missed_total: 0}
                  - {line: 'heartbeat missed', no_match: true}
                  - {line: 'no heartbeats', no_match: true}
                  - {line: '[2025-11-23 10:00:00,123: INFO/MainProcess] missed heartbeat from celery@worker2', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - No heartbeat received for 120s', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - heartbeat not acknowledged', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - Heartbeat timed out', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - HEARTBEAT MISSED', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - MISSED HEARTBEAT', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - Heartbeat FAILED', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - ERROR - Heartbeat: 503 Service Unavailable', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - Heartbeat: no response', no_match: true}
                  - {line: 'heartbeat stopped', no_match: true}
                  - {line: 'heartbeat ok=False', no_match: true}
                  - {line: 'heartbeat sent=0', no_match: true}
                  - {line: '{"msg":"heartbeat","ok":false}', no_match: true}
                  - {line: '{"level":"error","msg":"heartbeat"}', no_match: true}
                  - {line: "Heartbeat from node3 didn't arrive", no_match: true}
                  - {line: 'Heartbeat: HTTP 503', no_match: true}
                  - {line: 'Heartbeat to https://hub/beat -> 500', no_match: true}
                  - {line: '[heartbeat] cannot reach hub', no_match: true}
                  - {line: 'Heartbeat: waiting for response', no_match: true}
                  - {line: 'heartbeat interval is 30s', no_match: true}
                  - {line: 'heartbeat: 30', no_match: true}
                  - {line: 'HEARTBEAT_INTERVAL=30', no_match: true}
                  - {line: 'HEARTBEAT=false', no_match: true}
                  - {line: 'waiting for HEARTBEAT', no_match: true}
                  - {line: '{"heartbeat":false}', no_match: true}
                  - {line: 'Failed to send heartbeat', no_match: true}
                  - {line: 'Failed sending heartbeat', no_match: true}
                  - {line: 'Last heartbeat: 120s ago', no_match: true}
                  - {line: 'Heartbeat: 120s ago', no_match: true}
                  - {line: '[Heartbeat] no answer', no_match: true}
                  - {line: 'Waiting for heartbeat', no_match: true}
                  - {line: 'No heartbeat from worker 3', no_match: true}
                  - {line: 'Worker 3 lost heartbeat', no_match: true}
                  - {line: '    logger.info("bot: heartbeat")', no_match: true}

              - name: heartbeat-missed
                match: |-
                  (?x) (?: \b (?i: missed | no | lost | missing ) [ ] (?: HEARTBEAT|[Hh]eartbeat ) \b
                    | \b (?: HEARTBEAT|[Hh]eartbeat ) [ ] (?: (?: was|has [ ] been|is ) [ ] )?
                      (?i: missed | lost | missing | failed | failure | timed [ ] out | timeout | not [ ] (?: received|acknowledged|sent|seen ) | overdue ) \b )
                  (?! \s+ (?: threshold|interval|limit|count|counter|check ) | \s*[:=] )
                metrics:
                  - counter: log_heartbeats_missed_total
                    help: Lines that say that a heartbeat was missed, lost, late or not answered.
                tests:
                  - lines:
                      - '[2025-11-23 10:00:00,123: INFO/MainProcess] missed heartbeat from celery@worker2'
                      - '2025-11-23 10:00:00,123 - WARNING - No heartbeat received for 120s'
                      - 'heartbeat not acknowledged'
                      - 'Heartbeat timed out'
                      - 'HEARTBEAT MISSED'
                      - 'Heartbeat FAILED'
                      - 'Worker 3 lost heartbeat'
                    expect: {log_heartbeats_missed_total: 7, log_heartbeats_total: 0}
                  - {line: 'heartbeat timeout=30s', no_match: true}
                  - {line: 'heartbeat timeout: 30s', no_match: true}
                  - {line: 'HEARTBEAT', no_match: true}

            """#),
        ("http-service", #"""
            # A service that logs its requests itself: uvicorn's access lines, and `method=… status=… duration=…`.
            patterns:
              - name: http-uvicorn
                match: ' - "(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^"]{0,2000} HTTP/[\d.]+" (?<code>[1-5]\d\d)\b'
                metrics:
                  - counter: http_requests_total
                    help: Requests that were answered, by method and status; without a method when it is none of HTTP's.
                    labels: {method: $method, code: $code}
                    label_values: {method: [GET, POST], code: ["200", "404", "500"]}
                tests:
                  - line: 'INFO:     127.0.0.1:54321 - "GET /health HTTP/1.1" 200 OK'
                    expect: {'http_requests_total{method="GET",code="200"}': 1}
                  - {line: '10.0.0.1 - - [23/Mar/2018:12:31:05 +0000] "GET / HTTP/1.1" 200 1000 "-" "curl"', no_match: true}

              # A field begins behind a blank or a comma, and not within quotes: what a client writes into its query string is none.
              - name: http-request
                match: '(?<![^\s"''{\[(,:;])method="?(?<method>GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\b"?(?:[^"]|"(?:[^"\\]|\\.)*")*?[\s,;](?:status|status_code|code)="?(?<code>[1-5]\d\d)(?![\w.])'
                metrics:
                  - counter: http_requests_total
                    labels: {method: $method, code: $code}
                tests:
                  - line: 'request method=POST path=/api/submit status=503 duration=12ms'
                    expect: {'http_requests_total{method="POST",code="503"}': 1}
                  - {line: 'method="GET" path="/" status_code="200"', expect: {'http_requests_total{method="GET",code="200"}': 1}}
                  - lines:
                      - 'method=GET path=/x?status=500 status=200 duration=5ms'
                      - 'method=GET path=/login?code=404 status=200'
                      - 'method=GET path=/x?a=1&status=404 status=200'
                      - 'method="GET" path="/x" agent="a status=500 \" code=404" status="200"'
                      - 'level=info msg="method=GET path=/x status=200"'
                    expect: {'http_requests_total{method="GET",code="200"}': 5, 'http_requests_total{method="GET",code="500"}': 0, 'http_requests_total{method="GET",code="404"}': 0}
                  - {line: 'path=/x?method=GET status=200', no_match: true}
                  - {line: 'method=GET path=/ status=ok', no_match: true}
                  - {line: 'method=GET path=/?status=500', no_match: true}

              - name: http-request-duration
                match: '(?<![^\s"''{\[(,:;])method="?\w+"?(?:[^"]|"(?:[^"\\]|\\.)*")*?[\s,;](?:duration|latency|elapsed|took)="?(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))'
                metrics:
                  - histogram: http_request_duration_seconds
                    help: How long requests took.
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                tests:
                  - lines:
                      - 'method=GET path=/ status=200 duration=250ms'
                      - 'method=GET path=/ status=200 latency=1.5s'
                    expect: {http_request_duration_seconds_count: 2, http_request_duration_seconds_sum: 1.75}
                  - {line: 'method=GET path=/x?a=1&latency=3s status=200 duration=500ms', expect: {http_request_duration_seconds_count: 1, http_request_duration_seconds_sum: 0.5}}
                  - {line: 'method=GET path=/ status=200 duration=1m0.5s', expect: {http_request_duration_seconds_sum: 60.5}}
                  - {line: 'method=GET path=/ status=200 duration=1,250.0ms', expect: {http_request_duration_seconds_sum: 1.25}}
                  - {line: 'method=GET path=/ status=200 duration=250', no_match: true}

              # Only where no field says it with a unit. A value that is no bare number is rejected as missing.
              - name: http-request-milliseconds
                match: '(?<![^\s"''{\[(,:;])method="?\w+"?(?!(?:[^"]|"(?:[^"\\]|\\.)*")*?[\s,;](?:duration|latency|elapsed|took)="?[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))(?:[^"]|"(?:[^"\\]|\\.)*")*?[\s,;](?:duration|latency|elapsed|took)_ms="?(?:(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)?)(?=[\s,;|()\]}<>"''\\]|\.(?!\w)|$)|(?=[-+]?\.?\d))'
                metrics:
                  - histogram: http_request_duration_seconds
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                    scale: 0.001
                tests:
                  - line: 'method=GET path=/ status=200 duration_ms=500'
                    expect: {http_request_duration_seconds_sum: 0.5, 'http_requests_total{method="GET",code="200"}': 1}
                  - {line: 'method=GET path=/ status=200 duration_ms=2.5e+02', expect: {http_request_duration_seconds_sum: 0.25}}
                  - {line: 'method=GET path=/ status=200 duration_ms=1,250.0', expect: {http_request_duration_seconds_sum: 1.25}}
                  - {line: 'method=GET status=200 duration=1.5s duration_ms=1500', expect: {http_request_duration_seconds_count: 1, http_request_duration_seconds_sum: 1.5}, no_match: true}
                  - line: 'method=GET path=/ status=200 duration_ms=500ms'
                    expect: {http_request_duration_seconds_count: 0, 'outrider_values_rejected_total{metric="http_request_duration_seconds",reason="missing"}': 1}
                  - {line: 'method=GET path=/?duration_ms=5 status=200', no_match: true}
                  - {line: 'method=GET path=/ status=200 duration=500ms', no_match: true}

            """#),
        ("json-durations", #"""
            # Structured logs, JSON or logfmt: how long things took, in the usual fields.
            patterns:
              # Milliseconds by the name of the field: a value that is no bare number is rejected as missing.
              - name: record-duration-ms
                field: duration_ms
                match: '^(?:(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)?)$)?'
                has: [duration_ms]
                metrics:
                  - histogram: log_record_duration_seconds
                    help: How long what the records of structured logs tell of took, by the field that says it.
                    unit: seconds
                    value: $duration
                    scale: 0.001
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                    labels: {field: duration_ms}
                tests:
                  - line: '{"duration_ms":-250}'
                    expect: {'log_record_duration_seconds_count{field="duration_ms"}': 0, 'outrider_values_rejected_total{metric="log_record_duration_seconds",reason="out_of_range"}': 1}
                  - line: '{"level":"info","duration_ms":250.5}'
                    expect: {'log_record_duration_seconds_sum{field="duration_ms"}': 0.2505}
                  - {line: '{"duration_ms":"1,250"}', expect: {'log_record_duration_seconds_sum{field="duration_ms"}': 1.25}}
                  - {line: '{"duration_ms":2.5e+02}', expect: {'log_record_duration_seconds_sum{field="duration_ms"}': 0.25}}
                  - line: '{"level":"error","duration_ms":"250ms"}'
                    expect: {'log_record_duration_seconds_count{field="duration_ms"}': 0, 'outrider_values_rejected_total{metric="log_record_duration_seconds",reason="missing"}': 1}
                  - {line: 'level=info duration=3', no_match: true}

              - name: record-latency-ms
                field: latency_ms
                match: '^(?:(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)?)$)?'
                has: [latency_ms]
                metrics:
                  - histogram: log_record_duration_seconds
                    unit: seconds
                    value: $duration
                    scale: 0.001
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                    labels: {field: latency_ms}
                tests:
                  - {line: 'level=info latency_ms=500', expect: {'log_record_duration_seconds_sum{field="latency_ms"}': 0.5}}
                  - {line: '{"latency_ms":null}', no_match: true}

              - name: record-elapsed-ms
                field: elapsed_ms
                match: '^(?:(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)?)$)?'
                has: [elapsed_ms]
                metrics:
                  - histogram: log_record_duration_seconds
                    unit: seconds
                    value: $duration
                    scale: 0.001
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                    labels: {field: elapsed_ms}
                tests:
                  - {line: '{"elapsed_ms":2000}', expect: {'log_record_duration_seconds_sum{field="elapsed_ms"}': 2}}
                  - {line: '{"elapsed":2000}', no_match: true}

              # A bare number could be seconds, milliseconds or nanoseconds: only one with its unit is taken.
              - name: record-duration
                field: duration
                match: '^(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))$'
                metrics:
                  - histogram: log_record_duration_seconds
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    validate: {reject_outside: [0, 1e9]}
                    labels: {field: duration}
                tests:
                  - {line: 'level=info msg=done duration=1.5s', expect: {'log_record_duration_seconds_sum{field="duration"}': 1.5}}
                  - {line: '{"duration":"12ms"}', expect: {'log_record_duration_seconds_sum{field="duration"}': 0.012}}
                  - {line: '{"duration":"1h0m2.5s"}', expect: {'log_record_duration_seconds_sum{field="duration"}': 3602.5}}
                  - {line: '{"duration":"1,250 ms"}', expect: {'log_record_duration_seconds_sum{field="duration"}': 1.25}}
                  - {line: '{"duration":12}', no_match: true}

            """#),
        ("json-levels", #"""
            # Structured logs, JSON or logfmt: records by level as it is written, and problems by logger.
            patterns:
              # A record counts once: by `level`, else by `severity`, else by `levelname`, else by `log.level`. Levels are written `error`,
              # `ERROR` or `Error`: each pattern names those of the patterns before it.

              # zap, logrus, slog, pino's words, structlog, winston, klog in JSON
              - name: record-level
                field: level
                match: '^(?=[a-z]+$|[A-Z]+$|[A-Z][a-z]+$)(?<level>(?i:trace|debug|verbose|info|information|notice|warn|warning|err|error|crit|critical|alert|emerg|emergency|fatal|panic|dpanic))$'
                metrics:
                  - counter: log_records_total
                    help: Records of structured logs by level, as it is written.
                    labels: {level: $level}
                    max_series: 64
                tests:
                  - {line: '{"ts":1714557600.5,"level":"error","msg":"cannot connect"}', expect: {'log_records_total{level="error"}': 1}}
                  - {line: 'time=2024-05-01T10:00:00Z level=WARN msg="slow disk"', expect: {'log_records_total{level="WARN"}': 1}}
                  - line: '{"level":"Error","severity":"ERROR"}'
                    expect: {'log_records_total{level="Error"}': 1, 'log_records_total{level="ERROR"}': null}
                  - line: '{"level":"err","severity":"ERROR","levelname":"ERROR"}'
                    expect: {'log_records_total{level="err"}': 1, 'log_records_total{level="ERROR"}': null}
                  - line: '{"level":"information","severity":"INFO"}'
                    expect: {'log_records_total{level="information"}': 1, 'log_records_total{level="INFO"}': null}
                  - {line: '{"level":"error","log.level":"error"}', expect: {'log_records_total{level="error"}': 1}}
                  - {line: '{"level":"of the water","msg":"an error"}', no_match: true}

              # Google Cloud, Python's json loggers, .NET
              - name: record-severity
                field: severity
                match: '^(?=[a-z]+$|[A-Z]+$|[A-Z][a-z]+$)(?<level>(?i:default|debug|info|notice|warn|warning|err|error|critical|alert|emergency))$'
                unless: {level: &levels [trace, debug, verbose, info, information, notice, warn, warning, err, error, crit, critical, alert, emerg, emergency, fatal, panic, dpanic, TRACE, DEBUG, VERBOSE, INFO, INFORMATION, NOTICE, WARN, WARNING, ERR, ERROR, CRIT, CRITICAL, ALERT, EMERG, EMERGENCY, FATAL, PANIC, DPANIC, Trace, Debug, Verbose, Info, Information, Notice, Warn, Warning, Err, Error, Crit, Critical, Alert, Emerg, Emergency, Fatal, Panic, Dpanic]}
                metrics:
                  - counter: log_records_total
                    labels: {level: $level}
                    max_series: 64
                tests:
                  - {line: '{"severity":"WARNING","message":"slow"}', expect: {'log_records_total{level="WARNING"}': 1}}
                  - line: '{"severity":"ERROR","levelname":"ERROR","log.level":"error"}'
                    expect: {'log_records_total{level="ERROR"}': 1, 'log_records_total{level="error"}': null}
                  - {line: '{"severity":"ERROR","level":3}', expect: {'log_records_total{level="ERROR"}': 1}}
                  - {line: '{"severity":"ERROR","level":"error"}', no_match: true}
                  - {line: '{"severity":"ERROR","level":"Err"}', no_match: true}

              - name: record-levelname
                field: levelname
                match: '^(?<level>DEBUG|INFO|WARNING|ERROR|CRITICAL)$'
                unless: {level: *levels, severity: &severities [default, debug, info, notice, warn, warning, err, error, critical, alert, emergency, DEFAULT, DEBUG, INFO, NOTICE, WARN, WARNING, ERR, ERROR, CRITICAL, ALERT, EMERGENCY, Default, Debug, Info, Notice, Warn, Warning, Err, Error, Critical, Alert, Emergency]}
                metrics:
                  - counter: log_records_total
                    labels: {level: $level}
                    max_series: 64
                tests:
                  - {line: '{"levelname": "ERROR", "name": "app.db", "message": "gone"}', expect: {'log_records_total{level="ERROR"}': 1}}
                  - {line: '{"levelname": "ERROR", "level": "err"}', no_match: true}
                  - {line: '{"levelname": "LEVEL 17"}', no_match: true}

              # Elastic's common schema
              - name: record-log-level
                field: log.level
                match: '^(?<level>(?i:trace|debug|info|notice|warn|warning|error|critical|fatal))$'
                unless: {level: *levels, severity: *severities, levelname: [DEBUG, INFO, WARNING, ERROR, CRITICAL]}
                metrics:
                  - counter: log_records_total
                    labels: {level: $level}
                    max_series: 64
                tests:
                  - {line: '{"@timestamp":"2024-05-01T10:00:00Z","log.level":"info","message":"up"}', expect: {'log_records_total{level="info"}': 1}}
                  - {line: '{"log":{"level":"ERROR"}}', expect: {'log_records_total{level="ERROR"}': 1}}
                  - {line: '{"levelname":"ERROR","log.level":"error"}', no_match: true}
                  - {line: '{"log.level":"none"}', no_match: true}

              - name: problem-logger
                field: level
                match: '^(?i:warn|warning|err|error|crit|critical|alert|emerg|emergency|fatal|panic|dpanic)$'
                has: [logger]
                metrics:
                  - counter: log_problems_total
                    help: Records of structured logs that warn or worse, by logger.
                    labels: {logger: .logger}
                    max_series: 200
                tests:
                  - {line: '{"level":"error","logger":"svc.db","msg":"gone"}', expect: {'log_problems_total{logger="svc.db"}': 1}}
                  - {line: '{"level":"info","logger":"svc.db","msg":"here"}', no_match: true}
                  - {line: '{"level":"error","msg":"gone"}', no_match: true}

              # Logback and Log4j as JSON; a record that also has `logger` counts by that.
              - name: problem-logger-name
                match: '^(?!.*(?:"logger"\s*:|\blogger=)).*?\blogger_name\b'
                where: {level: [WARN, ERROR, FATAL]}
                has: [logger_name]
                metrics:
                  - counter: log_problems_total
                    labels: {logger: .logger_name}
                    max_series: 200
                tests:
                  - {line: '{"level":"WARN","logger":"a","logger_name":"b"}', expect: {'log_problems_total{logger="b"}': null}, no_match: true}
                  - {line: '{"level":"WARN","logger_name":"o.a.k.Client","message":"late"}', expect: {'log_problems_total{logger="o.a.k.Client"}': 1}}
                  - {line: '{"level":"INFO","logger_name":"o.a.k.Client"}', no_match: true}

            """#),
        ("mentions", #"""
            # Lines of any log that mention a problem. A line counts for each of the words that it has, whatever it says about them: `0 errors`
            # mentions errors. A word counts where it stands by itself, and not as a part of a name, a path or a key: `libgpg-error-dev`,
            # `GET /error` and `err="…"` mention nothing.
            patterns:
              # What `grep -cP '(?<![\w./\\-])(?i:(?:error|err)s?)(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'` counts.
              - name: mentions-error
                match: '(?<![\w./\\-])(?i:(?:error|err)s?)(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, help: 'Lines that mention a problem, by word.', labels: {word: error}}
                tests:
                  - {line: 'rsync error: error in socket IO (code 10)', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: '2025-11-23 10:00:00,123 - ERROR - boom', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: '[2025-11-23 10:00:00,123: ERROR/MainProcess] boom', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: 'level=error msg=boom', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: '{"level":"error","msg":"boom"}', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: 'there was an error.', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: '(error) "ERROR"', expect: {'log_mentions_total{word="error"}': 1}}
                  - {line: 'liberror is a package', no_match: true}
                  - {line: 'Unpacking libgpg-error-dev (1.46-1) ...', no_match: true}
                  - {line: 'GET /error 200', no_match: true}
                  - {line: 'GET /error/5 200', no_match: true}
                  - {line: 'see error.log', no_match: true}
                  - {line: 'level=info err="none"', no_match: true}
                  - {line: '{"level":"info","error":null}', no_match: true}
                  - {line: 'handler=svc.error', no_match: true}

              - name: mentions-failure
                match: '(?<![\w./\\-])(?i:fail(?:s|ed|ure|ures|ing)?)(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, labels: {word: failure}}
                tests:
                  - {line: 'bind() failed: Address already in use', expect: {'log_mentions_total{word="failure"}': 1}}
                  - {line: 'a failover took place', no_match: true}
                  - {line: 'jobs failed=0', no_match: true}
                  - {line: 'fail-fast is on', no_match: true}

              - name: mentions-fatal
                match: '(?<![\w./\\-])(?i:(?:fatal|critical|panic|emerg(?:ency)?))(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, labels: {word: fatal}}
                tests:
                  - {line: 'kernel panic - not syncing', expect: {'log_mentions_total{word="fatal"}': 1}}
                  - {line: 'fatalities', no_match: true}
                  - {line: 'non-fatal', no_match: true}

              - name: mentions-warning
                match: '(?<![\w./\\-])(?i:warn(?:ing|ings)?)(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, labels: {word: warning}}
                tests:
                  - {line: '[WARN] slow', expect: {'log_mentions_total{word="warning"}': 1}}
                  - {line: 'warner brothers', no_match: true}
                  - {line: 'cc -W warnings=all', no_match: true}

              - name: mentions-timeout
                match: '(?<![\w./\\-])(?i:(?:time[d -]?outs?|timed out))(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, labels: {word: timeout}}
                tests:
                  - {line: 'connection timed out', expect: {'log_mentions_total{word="timeout"}': 1}}
                  - {line: 'request timeout after 30s', expect: {'log_mentions_total{word="timeout"}': 1}}
                  - {line: 'the times out of joint', no_match: true}
                  - {line: 'connect timeout=30', no_match: true}

              - name: mentions-refusal
                match: '(?<![\w./\\-])(?i:(?:refused|denied|forbidden|unauthorized|rejected))(?![\w=]|[-.]\w|/[a-z\d_]|"\s*:)'
                metrics:
                  - {counter: log_mentions_total, labels: {word: refusal}}
                tests:
                  - {line: 'Connection refused', expect: {'log_mentions_total{word="refusal"}': 1}}
                  - {line: 'a refusal', no_match: true}
                  - {line: 'rejected=0', no_match: true}

            """#),
        ("python-logging", #"""
            # Messages of Python's logging that deserve attention, tracebacks, and the exceptions at their ends.
            patterns:
              # `2025-11-23 10:00:00,123 - ERROR - text`, `… - name - thread - ERROR - text`, `… name.of.logger ERROR text`, `… | ERROR | text`,
              # `[…] [name] [ERROR] text`, `ERROR:name:text`, and all of that behind syslog's header. A message that begins with the name of
              # a level does not count: what stands between the time and the level is no level itself.
              - name: log-level
                match: |-
                  (?x) ^
                  (?: (?: [A-Z][a-z]{2} [ ] [ \d]\d [ ] \d\d:\d\d:\d\d | \d{4}-\d\d-\d\dT[\d:.]+ (?: Z | [+-]\d\d:\d\d ) ) [ ]
                      \S+ [ ] [^\s:\[\]]+ (?: \[\d+\] )? : [ ] )?
                  (?: \[? (?: \d{4}[-/]\d\d[-/]\d\d[T ] | \d\d/[A-Z][a-z]{2}/\d{4}[ ] )? \d\d:\d\d:\d\d (?: [.,]\d+ )? (?! \d )
                      (?: [ ]? (?: Z | UTC | [+-]\d\d:?\d\d ) )? \]? [ ]* [-|:]? [ ]* )?
                  (?: (?<= . )
                    (?: (?: (?! \[? (?i: trace|debug|dbg|verbose|info|inf|success|notice|warn|warning|wrn|err|error|critical|fatal|exception ) \b (?! [.-]\w ) )
                            \[? [\w.<>] [^\s|]* [ ]+ - [ ]+ ){1,3}
                      | (?: [\[{] (?! (?i: trace|debug|dbg|verbose|info|inf|success|notice|warn|warning|wrn|err|error|critical|fatal|exception ) [\s\]}] )
                            [^\]}]{1,80} [\]}] [ ]* [-|:]? [ ]* ){1,3}
                      | (?: \d+ [ ]+ )? (?! (?i: trace|debug|dbg|verbose|info|inf|success|notice|warn|warning|wrn|err|error|critical|fatal|exception ) \s )
                        (?: [A-Za-z_][\w-]* (?: \. [\w-]+ )+ [ ]+ | (?: root|__main__ ) [ ]+ | [A-Za-z_][\w.-]* [ ]{2,} )
                      | \d+ [ ]+
                      ) )?
                  \[? (?<level> WARNING|ERROR|CRITICAL ) (?! [\w-] )
                metrics:
                  - counter: log_messages_total
                    help: Lines of a level that deserves attention.
                    labels: {level: $level}
                    label_values: {level: [WARNING, ERROR, CRITICAL]}
                tests:
                  - {line: '2025-11-23 10:00:00,123 - ERROR - cannot connect', expect: {'log_messages_total{level="ERROR"}': 1, 'log_messages_total{level="CRITICAL"}': 0}}
                  - {line: '2025-11-23 10:00:00,123 - svc.net - WARNING - slow', expect: {'log_messages_total{level="WARNING"}': 1}}
                  - {line: '[2025-11-23T10:00:00.5+01:00] [CRITICAL] gone', expect: {'log_messages_total{level="CRITICAL"}': 1}}
                  - {lines: ['ERROR:root:text', 'ERROR text', '[ERROR] text'], expect: {'log_messages_total{level="ERROR"}': 3}}
                  - lines:
                      - '2025-11-23 10:00:00,123 bot.main ERROR boom'
                      - '2025-11-23 10:00:00,123 root         ERROR    boom'
                      - '2025-11-23 10:00:00.123 | ERROR    | m:f:1 - boom'
                      - '2025-11-23 10:00:00,123 - bot[1234] - ERROR - boom'
                      - '2025-11-23 10:00:00,123 - MainThread - bot - ERROR - boom'
                      - '2025-11-23 10:00:00,123 - error.handler - ERROR - boom'
                      - '2025-11-23 10:00:00,123 [bot.main] ERROR boom'
                      - '2025-11-23 10:00:00,123 [1234] [MainThread] ERROR bot: boom'
                    expect: {'log_messages_total{level="ERROR"}': 8}
                  - lines:
                      - '2025-11-23 10:00:00 +0000 ERROR x'
                      - '2025/11/23 10:00:00 ERROR x'
                      - '[2025-11-23 10:00:00 +0000] [42] [ERROR] Worker timed out'
                      - '[2025-11-23 10:00:00,123: ERROR/MainProcess] Task failed'
                      - '[23/Nov/2025 10:00:00] ERROR [django.request:230] x'
                      - 'Nov 21 10:00:00 host app[123]: ERROR x'
                      - 'Nov  1 10:00:00 host app[123]: 2025-11-01 10:00:00,123 - bot - ERROR - x'
                      - 'Nov 21 10:00:00 host app[123]: bot - ERROR - x'
                      - '[2025-11-23T10:00:00.123+0000] {task.py:42} ERROR - x'
                      - '2025-11-21T10:00:00.123456+00:00 host app: ERROR x'
                    expect: {'log_messages_total{level="ERROR"}': 10}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - ERROR x', expect: {'log_messages_total{level="WARNING"}': 1, 'log_messages_total{level="ERROR"}': 0}}
                  - {line: '2025-11-23 10:00:00,123 - INFO - no ERROR here', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - INFO - ERROR rate is 0', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - DEBUG - CRITICAL section', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - INFO     - ERROR budget is fine', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - bot - INFO - ERROR budget is fine', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 [INFO] ERROR budget is fine', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 [bot] [INFO] ERROR budget is fine', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 INFO  ERROR budget is fine', no_match: true}
                  - {line: '2025-11-23 10:00:00.123 | INFO     | m:f:1 - ERROR budget', no_match: true}
                  - {line: '[2025-11-23 10:00:00,123: INFO/MainProcess] ERROR budget', no_match: true}
                  - {line: '[23/Nov/2025 10:00:00] INFO [x] ERROR budget', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 42 INFO  ERROR budget', no_match: true}
                  - {line: 'Nov 21 10:00:00 host app[123]: INFO ERROR budget', no_match: true}
                  - {line: 'Nov 21 10:00:00 host app[123]: bot - INFO - ERROR budget', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - VERBOSE - ERROR budget is fine', no_match: true}
                  - {line: 'INFO - ERROR budget is fine', no_match: true}
                  - {line: 'bot - ERROR - x', no_match: true}
                  - {line: '2025-11-23 10:00:00 no ERROR found', no_match: true}
                  - {line: 'ERRORS are not a level', no_match: true}
                  - {line: 'ERROR-rate: 0', no_match: true}

              # Also within the frame that an ExceptionGroup is printed in.
              - name: traceback
                match: '^[\s|+]*(?:Exception Group )?Traceback \(most recent call last\):'
                metrics:
                  - counter: log_tracebacks_total
                    help: Python tracebacks.
                tests:
                  - {line: 'Traceback (most recent call last):', expect: {log_tracebacks_total: 1}}
                  - {line: '  + Exception Group Traceback (most recent call last):', expect: {log_tracebacks_total: 1}}
                  - {line: '    | Traceback (most recent call last):', expect: {log_tracebacks_total: 1}}
                  - {line: 'no Traceback (most recent call last): here', no_match: true}

              # Classes by the ends of their names, some by their whole names, and those of a module for exceptions.
              - name: exception
                match: |-
                  (?x) ^ (?: \s+ \| [ ] )?
                  (?:
                    (?= (?: [A-Za-z_]\w* \. )* (?: _?[A-Z]\w{0,60} )? (?: Error|Exception|ExceptionGroup ) (?: :[ ] | :?$ ) )
                  | (?= (?: [A-Za-z_]\w* \. )* _?[A-Z]\w{0,60} (?: Timeout|Interrupt|Exit ) (?: :[ ] | :?$ ) )
                  | (?= (?: [A-Za-z_]\w* \. )* (?: TimeoutExpired|StopIteration|StopAsyncIteration ) (?: :[ ] | :?$ ) )
                  | (?= (?: [A-Za-z_]\w* \. )* (?: \w*errors?|\w*exceptions?|exc ) \. [A-Z]\w{0,60} (?: :[ ] | :?$ ) )
                  )
                  (?: [A-Za-z_]\w* \. )* (?<exception> \w+ )
                metrics:
                  - counter: log_exceptions_total
                    help: Exceptions at the end of a traceback, by class.
                    labels: {exception: $exception}
                    max_series: 200
                tests:
                  - {line: 'ValueError: no number', expect: {'log_exceptions_total{exception="ValueError"}': 1}}
                  - line: 'requests.exceptions.ConnectionError: refused'
                    expect: {'log_exceptions_total{exception="ConnectionError"}': 1}
                  - {line: 'KeyboardInterrupt', expect: {'log_exceptions_total{exception="KeyboardInterrupt"}': 1}}
                  - {lines: ['Exception: foo', 'Exception'], expect: {'log_exceptions_total{exception="Exception"}': 2}}
                  - {line: 'Error: x', expect: {'log_exceptions_total{exception="Error"}': 1}}
                  - {line: 'requests.exceptions.Timeout: x', expect: {'log_exceptions_total{exception="Timeout"}': 1}}
                  - line: 'grpc._channel._InactiveRpcError: <_InactiveRpcError of RPC that terminated with:'
                    expect: {'log_exceptions_total{exception="_InactiveRpcError"}': 1}
                  - {line: 'aiohttp.client_exceptions.TooManyRedirects: x', expect: {'log_exceptions_total{exception="TooManyRedirects"}': 1}}
                  - {line: 'subprocess.TimeoutExpired: Command x timed out', expect: {'log_exceptions_total{exception="TimeoutExpired"}': 1}}
                  - {line: 'psycopg2.errors.UndefinedTable: no such relation', expect: {'log_exceptions_total{exception="UndefinedTable"}': 1}}
                  - lines: ['  | ExceptionGroup: two (2 sub-exceptions)', '    | ValueError: a']
                    expect: {'log_exceptions_total{exception="ExceptionGroup"}': 1, 'log_exceptions_total{exception="ValueError"}': 1}
                  - {line: '2025-11-23 10:00:00,123 - ERROR - ValueError: no number', no_match: true}
                  - {line: 'Timeout: 30s', no_match: true}
                  - {line: 'Errors: 3', no_match: true}

            """#),
        ("submission", #"""
            # A prediction service: submissions that succeed and fail, predictions, and the wallet's balance.
            patterns:
              # What says that one succeeded and no more: no line of source code in a traceback, no rate of success, none that is missing.
              - name: submission-success
                match: |-
                  (?xm) ^ (?! [ \t] ) .*? \b (?= [Ss]ubmission ) (?<! (?i) \bno[ ]|\bnot[ ]|\blast[ ]|\bnext[ ]|\bany[ ]|\beach[ ]|\bevery[ ]|\bwithout[ ]|\bprevious[ ]|\bsince[ ]|\buntil[ ]|\bbefore[ ]|\bfor[ ]|\bif[ ]|\bwhen[ ]|\bon[ ] )
                  [Ss]ubmission [ ] (?: was [ ] )? (?: success(?:ful)? | succeeded ) \b
                  (?= \s*$ | [.!:;,)\]}"|] | \s+ (?: [-*(<\[|] | \w+= | (?: for|with|to|on|via|by|tx|after|in|at ) [ ] ) )
                  (?! .{0,12} \d [ ]? % )
                  (?! \s* [:=-]+ \s* "? (?i: false|no|none|null|not ) \b )
                  (?! \s* [:=] \s* [\d.,]+ \s* (?: $ | [,;)/] ) )
                  (?! \s+ (?: in|for|over|within ) \s+ (?: the \s+ )? (?: last|past ) \b )
                event: {name: submission, outcome: success}
                tests:
                  - line: '2025-11-23 10:00:00,123 - INFO - Submission success: prediction=0.5 balance=12.5 allo nonce=7'
                    expect:
                      bot_prediction: 0.5
                      bot_wallet_balance{denom="allo"}: 12.5
                      outrider_events_total{event="submission",outcome="success"}: 1
                  - lines:
                      - 'submission successful'
                      - 'Prediction submission successful.'
                      - '2025-11-23 10:00:00,123 - INFO - Submission success'
                      - '2025-11-23 10:00:00 INFO Submission successful for topic 5 in 2s'
                      - '2025-11-23 10:00:00 bot.main INFO ✅ Submission successful! tx=7f3a'
                      - '{"level":"info","msg":"Submission success"}'
                      - 'level=info msg="Submission success" nonce=7'
                      - 'INFO:root:Submission success'
                      - '*** Submission success ***'
                    expect: {'outrider_events_total{event="submission",outcome="success"}': 9}
                  - {line: '    raise X("Submission success")', no_match: true}
                  - {line: '    logger.info("bot: Submission success")', no_match: true}
                  - line: '    logger.info(f"Submission success: prediction={p} balance={b} {d}")'
                    expect: {bot_prediction: null, 'outrider_values_rejected_total{metric="bot_prediction",reason="not_a_number"}': 0}
                    no_match: true
                  - {line: 'Submission success rate: 97.5%', no_match: true}
                  - {line: 'Submission success: 97.5 %', no_match: true}
                  - {line: 'Submission success: 12, failures: 3', no_match: true}
                  - {line: 'Submission success: false', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - no submission success in 10m', no_match: true}
                  - {line: 'submission success in the last hour: 0', no_match: true}
                  - {line: 'last submission success 300s ago', no_match: true}
                  - {line: 'Submission successfully rejected', no_match: true}

              - name: submission-prediction
                match: |-
                  (?xm) ^ (?! [ \t] ) .*? \b [Ss]ubmission [ ] success(?:ful)? :? [ ] (?: .{0,200}? [ ,] )?? prediction=(?<prediction> (?: [^\s,;"{] | ,(?=\d) )+ )
                metrics:
                  - gauge: bot_prediction
                    help: The latest prediction that was submitted.
                    value: $prediction
                    digit_groups: comma
                    validate: {warn_outside: [-5, 5], reject_outside: [-50, 50]}
                tests:
                  - line: 'Submission success: prediction=1.5, balance=1,234.5 allo'
                    expect: {bot_prediction: 1.5, 'bot_wallet_balance{denom="allo"}': 1234.5}
                  - {line: 'Submission success: nonce=7 prediction=-1.5e-3', expect: {bot_prediction: -0.0015}}
                  - line: 'INFO:__main__:Submission success: prediction=0.5 balance=12.5 allo'
                    expect: {bot_prediction: 0.5, 'bot_wallet_balance{denom="allo"}': 12.5, 'outrider_events_total{event="submission",outcome="success"}': 1}
                  - line: 'Submission success: prediction=7 balance=1 uallo'
                    expect: {bot_prediction: 7, 'outrider_values_warned_total{metric="bot_prediction"}': 1}
                  - lines: ['Submission success: prediction=0.5 balance=1 allo', 'Submission success: prediction=51 balance=2 allo']
                    expect:
                      bot_prediction: 0.5
                      bot_wallet_balance{denom="allo"}: 2
                      outrider_values_rejected_total{metric="bot_prediction",reason="out_of_range"}: 1
                  - line: 'Submission success: prediction=nan balance=1 allo'
                    expect: {bot_prediction: null, 'outrider_values_rejected_total{metric="bot_prediction",reason="nan"}': 1}
                  - line: 'Submission success: prediction=1.5k balance=1 allo'
                    expect: {bot_prediction: null, 'outrider_values_rejected_total{metric="bot_prediction",reason="not_a_number"}': 1}
                  - {line: 'Submission failed: prediction=1.5 balance=1 allo', expect: {bot_prediction: null}, no_match: true}

              - name: submission-balance
                match: |-
                  (?xm) ^ (?! [ \t] ) .*? \b [Ss]ubmission [ ] success(?:ful)? :? [ ] (?: .{0,200}? [ ,] )?? balance=
                  (?<balance> [-+]?\d[\d.,]* (?= u?(?:allo|ALLO)\b ) | (?: [^\s,;"{] | ,(?=\d) )+ (?=[ ]) ) [ ]? (?! (?: after|before|on|off|in|at|for|is|was|of|to|from|and|or|with|low|left|now ) \b ) (?<denom> [A-Za-z]\w* ) (?! [\w=] )
                metrics:
                  - gauge: bot_wallet_balance
                    help: The latest balance of the wallet, in the unit that the label names.
                    value: $balance
                    digit_groups: comma
                    labels: {denom: $denom}
                tests:
                  - {line: 'Submission success: prediction=0.5 balance=250000uallo nonce=7', expect: {'bot_wallet_balance{denom="uallo"}': 250000}}
                  - line: 'Submission success: prediction=0.5 balance=12..5 allo'
                    expect:
                      bot_prediction: 0.5
                      bot_wallet_balance{denom="allo"}: null
                      outrider_values_rejected_total{metric="bot_wallet_balance",reason="not_a_number"}: 1
                  - {line: 'Submission success: balance=12.5 after fees', no_match: true}
                  - {line: 'Submission success: prediction=0.5 balance=12.5 nonce=7', expect: {bot_prediction: 0.5, 'bot_wallet_balance{denom="nonce"}': null}, no_match: true}

              - name: submission-failure
                match: |-
                  (?xm) ^ (?! [ \t] ) .*? \b (?= [Ss]ubmission ) (?<! (?i) \bno[ ]|\bnot[ ]|\blast[ ]|\bnext[ ]|\bany[ ]|\beach[ ]|\bevery[ ]|\bwithout[ ]|\bprevious[ ]|\bsince[ ]|\buntil[ ]|\bbefore[ ]|\bfor[ ]|\bif[ ]|\bwhen[ ]|\bon[ ] )
                  [Ss]ubmission [ ] (?: was [ ] | has [ ] )? (?: failed|failure|error|rejected ) \b
                  (?! = | \s+0\b )
                  (?! \s+ (?: rate|ratio|count|total|counter|threshold|handler|handling ) \b )
                  (?! \s* [:=] \s* "? (?i: false|no|none|null ) \b )
                  (?! \s* [:=] \s* (?! [45]\d\d\b ) [\d.,]+ \s* (?: $ | [%,;)/] ) )
                event: {name: submission, outcome: failure}
                tests:
                  - lines:
                      - 'Submission failed: timeout'
                      - '2025-11-23 10:00:00,123 - ERROR - Submission failed after 3 attempts'
                      - '2025-11-23 10:00:00,123 - ERROR - The submission was rejected'
                      - 'Submission failed: 503'
                      - 'level=error msg="submission error: refused"'
                    expect: {'outrider_events_total{event="submission",outcome="failure"}': 5}
                  - {line: 'submission errors so far: 0', no_match: true}
                  - {line: 'Submission failed 0 times', no_match: true}
                  - {line: 'Submission failed: 0', no_match: true}
                  - {line: 'Submission failure rate: 2 %', no_match: true}
                  - {line: '    raise SubmitError("Submission failed")', no_match: true}
                  - {line: 'no submission failed', no_match: true}

              - name: wallet-balance
                match: '(?<![Mm]inimum )(?<![Mm]in )(?<![Rr]equired )(?<![Ii]nitial )\b[Ww]allet balance(?: is)?[:= ]+(?<balance>[-+]?\d[\d.,]*(?=u?(?:ALLO|allo)\b)|[-+]?\.?\d\S*(?= )) ?(?<denom>[Uu]?(?:ALLO|allo)|[A-Z][A-Z\d]{1,11})\b'
                metrics:
                  - gauge: bot_wallet_balance
                    value: $balance
                    digit_groups: comma
                    labels: {denom: $denom}
                tests:
                  - {line: 'Wallet balance: 1,234.5 ALLO', expect: {'bot_wallet_balance{denom="ALLO"}': 1234.5}}
                  - {line: 'wallet balance = 250000 uallo', expect: {'bot_wallet_balance{denom="uallo"}': 250000}}
                  - {line: 'wallet balance: 250000uallo', expect: {'bot_wallet_balance{denom="uallo"}': 250000}}
                  - {line: '    Wallet balance: 12.5 ALLO', expect: {'bot_wallet_balance{denom="ALLO"}': 12.5}}
                  - {line: 'Wallet balance: 12.5 USDT', expect: {'bot_wallet_balance{denom="USDT"}': 12.5}}
                  - line: 'Wallet balance: 1.5k ALLO'
                    expect: {'bot_wallet_balance{denom="ALLO"}': null, 'outrider_values_rejected_total{metric="bot_wallet_balance",reason="not_a_number"}': 1}
                  - {line: 'wallet balance unknown', no_match: true}
                  - {line: 'Minimum wallet balance: 5 ALLO', no_match: true}

            """#),
        ("systemd-units", #"""
            # What systemd writes about services: starts that succeed and fail, failures with their result, restarts, and kills for want of memory.
            patterns:
              - name: systemd-unit-started
                match: '\bsystemd\[\d+\]: Started (?<unit>[\w@:.\\-]{1,100}\.service)\b'
                metrics:
                  - counter: systemd_unit_starts_total
                    help: Starts of a service, by its name, or of a unit by its description where systemd writes only that.
                    labels: {unit: $unit}
                    max_series: 500
                tests:
                  - line: 'Nov 23 10:00:00 host systemd[1]: Started bot.service - The bot.'
                    expect: {'systemd_unit_starts_total{unit="bot.service"}': 1}
                  - line: 'Nov 23 10:00:00 host systemd[1]: Started fsck@dev-by\x2duuid.service - Check.'
                    expect: {'systemd_unit_starts_total{unit="fsck@dev-by\\x2duuid.service"}': 1}
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Starting bot.service - The bot...', no_match: true}

              # What systemd writes of units that it knows by their descriptions alone, as before its version 247. Logins are left out.
              - name: systemd-unit-started-description
                match: '\bsystemd\[\d+\]: Started (?!Session \S+ of |\S+\.[a-z]+(?: - .*)?\.?$)(?<unit>[^ ].{0,98}[^.])\.$'
                metrics:
                  - counter: systemd_unit_starts_total
                    labels: {unit: $unit}
                    max_series: 500
                tests:
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Started The bot.', expect: {'systemd_unit_starts_total{unit="The bot"}': 1}}
                  - line: 'Nov 23 10:00:00 host systemd[1]: Started bot.service - The bot.'
                    expect: {'systemd_unit_starts_total{unit="bot.service"}': 1, 'systemd_unit_starts_total{unit="bot.service - The bot"}': null}
                    no_match: true
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Started session-5.scope - Session 5 of User jo.', no_match: true}
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Started Session 5 of user jo.', no_match: true}

              - name: systemd-unit-start-failed
                match: '\bsystemd\[\d+\]: Failed to start (?<unit>[\w@:.\\-]{1,100}\.[a-z]+(?= - |\.$)|[^ ].{0,98}[^.])(?: - .*)?\.$'
                metrics:
                  - counter: systemd_unit_start_failures_total
                    help: Starts that failed, by unit, or by its description where systemd writes only that.
                    labels: {unit: $unit}
                    max_series: 500
                tests:
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Failed to start bot.service - The bot.', expect: {'systemd_unit_start_failures_total{unit="bot.service"}': 1}}
                  - {line: 'Nov 23 10:00:00 host systemd[1]: Failed to start The bot.', expect: {'systemd_unit_start_failures_total{unit="The bot"}': 1}}
                  - {line: 'Nov 23 10:00:00 host bot[7]: Failed to start The bot.', no_match: true}

              - name: systemd-unit-failed
                match: '\bsystemd\[\d+\]: (?<unit>[\w@:.\\-]{1,100}\.service): Failed with result ''(?<result>success|protocol|timeout|exit-code|signal|core-dump|watchdog|start-limit-hit|resources|oom-kill)'''
                metrics:
                  - counter: systemd_unit_failures_total
                    help: Failures of a service, by what systemd calls the result.
                    labels: {unit: $unit, result: $result}
                    max_series: 500
                tests:
                  - line: 'Nov 23 10:00:00 host systemd[1]: bot.service: Failed with result ''exit-code''.'
                    expect: {'systemd_unit_failures_total{unit="bot.service",result="exit-code"}': 1}
                  - {line: 'Nov 23 10:00:00 host systemd[1]: bot.service: Succeeded.', no_match: true}

              - name: systemd-unit-restart
                match: '\bsystemd\[\d+\]: (?<unit>[\w@:.\\-]{1,100}\.service): Scheduled restart job'
                metrics:
                  - counter: systemd_unit_restarts_total
                    help: Restarts of a service that systemd scheduled because it had ended.
                    labels: {unit: $unit}
                    max_series: 500
                tests:
                  - line: 'Nov 23 10:00:00 host systemd[1]: bot.service: Scheduled restart job, restart counter is at 3.'
                    expect: {'systemd_unit_restarts_total{unit="bot.service"}': 1}
                  - {line: 'Nov 23 10:00:00 host bot[7]: bot.service: Scheduled restart job', no_match: true}

              - name: systemd-unit-exit
                match: '\bsystemd\[\d+\]: (?<unit>[\w@:.\\-]{1,100}\.service): Main process exited, code=(?<code>exited|killed|dumped), status=(?<status>\d{1,3})\b'
                metrics:
                  - counter: systemd_unit_exits_total
                    help: Ends of a service's main process that were not clean, by how it ended and its status or signal.
                    labels: {unit: $unit, code: $code, status: $status}
                    max_series: 500
                tests:
                  - line: 'Nov 23 10:00:00 host systemd[1]: bot.service: Main process exited, code=killed, status=9/KILL'
                    expect: {'systemd_unit_exits_total{unit="bot.service",code="killed",status="9"}': 1}
                  - {line: 'Nov 23 10:00:00 host systemd[1]: bot.service: Control process exited, code=exited, status=1/FAILURE', no_match: true}

              - name: systemd-unit-oom
                match: '\bsystemd\[\d+\]: (?<unit>[\w@:.\\-]{1,100}\.service): A process of this unit has been killed by the OOM killer'
                metrics:
                  - counter: systemd_unit_oom_kills_total
                    help: Processes of a service that the kernel killed for want of memory.
                    labels: {unit: $unit}
                    max_series: 500
                tests:
                  - line: 'Nov 23 10:00:00 host systemd[1]: bot.service: A process of this unit has been killed by the OOM killer.'
                    expect: {'systemd_unit_oom_kills_total{unit="bot.service"}': 1}
                  - {line: 'Nov 23 10:00:00 host kernel: Out of memory: Killed process 7 (python)', no_match: true}

            """#),
        ("training", #"""
            # Training of a model and its use: epochs, loss, reward, variance, and how long an inference takes.
            patterns:
              - name: training-epoch
                match: '^(?! {4}|\t).*?(?<![Uu]nix )(?<![Mm]ax )(?<!since )(?<!at )\b[Ee]poch["'']?[ =:#]+\[?["'']?(?<epoch>\d(?:[^\s,.;:/|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;:|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: training_epoch
                    help: The epoch that training is in.
                    value: $epoch
                    digit_groups: comma
                tests:
                  - {line: 'Epoch 3/10 - loss: 0.25', expect: {training_epoch: 3, 'training_loss{phase="train"}': 0.25}}
                  - {line: 'epoch=12 reward=1', expect: {training_epoch: 12}}
                  - {line: 'Epoch [4/10], Loss: 0.5', expect: {training_epoch: 4, 'training_loss{phase="train"}': 0.5}}
                  - {line: 'epoch=1,000', expect: {training_epoch: 1000}}
                  - {line: '{"epoch": 3, "loss": 0.5}', expect: {training_epoch: 3, 'training_loss{phase="train"}': 0.5}}
                  - {line: '{''loss'': 2.1, ''grad_norm'': 1.5, ''epoch'': 0.25}', expect: {training_epoch: 0.25, 'training_loss{phase="train"}': 2.1}}
                  - {line: 'Epoch 00003: done', expect: {training_epoch: 3}}
                  - line: 'epoch=1.5k'
                    expect: {training_epoch: null, 'outrider_values_rejected_total{metric="training_epoch",reason="not_a_number"}': 1}
                  - {line: 'next epoch soon', no_match: true}
                  - {line: 'Unix epoch 1700000000', no_match: true}
                  - {line: 'seconds since epoch: 1763892000', no_match: true}
                  - {line: 'Will stop at epoch 100', no_match: true}
                  - {line: '    epoch = 5', no_match: true}

              # A loss that says that it is of training, or that says nothing and has no word of validation or test before it.
              - name: training-loss
                match: |-
                  (?x) ^ (?:
                    (?! [ ]{4} | \t ) (?: (?! \b (?i: val|valid|validation|validating|eval|evaluation|evaluating|test|testing|dev ) \b ) . )*?
                    (?: ^\s* | [,;|{(\[>:\])-]\s+ | [,;|{(\[>:"'] | [\d.%]\s+ | \b (?: DEBUG|INFO|WARNING ) \s+ | =\S{0,200}\s+ | [\x80-\xff]\s* )
                    (?: (?i: avg|average|mean|total|final|epoch|batch|running|step ) [ _/-] )? (?: [Ll]oss|LOSS )
                  | .*? (?<! [A-Za-z] ) (?i: train(?:ing)? ) \]? [ _/:-]{1,2} (?: (?i: avg|average|mean|total ) [ _/-] )? (?i: loss )
                  ) ["']? [=:\s]+ ["']? (?<loss> [-+]?(?:\.?\d|(?i:nan|inf(?:inity)?)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))* )
                metrics:
                  - gauge: training_loss
                    help: The latest loss, of training, of validation and of test.
                    value: $loss
                    digit_groups: comma
                    labels: {phase: train}
                    validate: {reject_outside: [-1e12, 1e12]}
                tests:
                  - {line: 'step 100 loss=1.5e-3 lr=0.1', expect: {'training_loss{phase="train"}': 0.0015}}
                  - {line: 'train_loss: 0.5, val_loss: 0.75', expect: {'training_loss{phase="train"}': 0.5, 'training_loss{phase="validation"}': 0.75}}
                  - {line: 'val_loss: 0.75, loss: 0.5', expect: {'training_loss{phase="train"}': 0.5, 'training_loss{phase="validation"}': 0.75}}
                  - {line: 'Epoch 3 | Train Loss: 0.5 | Val Loss: 0.75', expect: {'training_loss{phase="train"}': 0.5, 'training_loss{phase="validation"}': 0.75}}
                  - {line: "Train Epoch: 1 [0/60000 (0%)]\tLoss: 2.25", expect: {'training_loss{phase="train"}': 2.25}}
                  - {line: '10/10 [====] - 0s 5ms/step - loss: 0.5 - val_loss: 0.75', expect: {'training_loss{phase="train"}': 0.5, 'training_loss{phase="validation"}': 0.75}}
                  - {line: 'Loss: 1,234.5', expect: {'training_loss{phase="train"}': 1234.5}}
                  - {line: '2025-11-23 10:00:00,123 - INFO - Training loss 0.5.', expect: {'training_loss{phase="train"}': 0.5}}
                  - line: 'loss: nan'
                    expect: {'training_loss{phase="train"}': null, 'outrider_values_rejected_total{metric="training_loss",reason="nan"}': 1}
                  - line: 'loss: 1.5x'
                    expect: {'training_loss{phase="train"}': null, 'outrider_values_rejected_total{metric="training_loss",reason="not_a_number"}': 1}
                  - {line: 'val_loss: 0.75', expect: {'training_loss{phase="train"}': null}, no_match: true}
                  - {line: 'Validation Loss: 0.75', expect: {'training_loss{phase="validation"}': 0.75}, no_match: true}
                  - {line: 'Val Loss: 0.4', expect: {'training_loss{phase="validation"}': 0.4}, no_match: true}
                  - {line: 'val-loss: 0.75', expect: {'training_loss{phase="validation"}': 0.75}, no_match: true}
                  - {line: 'Test Loss: 0.4', expect: {'training_loss{phase="test"}': 0.4}, no_match: true}
                  - {line: 'Validation: loss=0.4', expect: {'training_loss{phase="validation"}': 0.4}, no_match: true}
                  - {line: 'Stop loss: 1.5', no_match: true}
                  - {line: 'stop-loss: 1.5', no_match: true}
                  - {line: 'packet loss: high', no_match: true}
                  - {line: 'packet loss: 5', no_match: true}
                  - {line: '    loss = 0.5', no_match: true}

              - name: training-validation-loss
                match: '(?<![\w-])(?<![Bb]est )(?i:val|valid|validation|eval|evaluation|dev)(?: set)?[\])]?[ _/:|-]{1,3}(?:(?i:avg|average|mean|total)[ _/-])?(?i:loss)["'']?[=:\s]+["'']?(?<loss>[-+]?(?:\.?\d|(?i:nan|inf(?:inity)?)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: training_loss
                    value: $loss
                    digit_groups: comma
                    labels: {phase: validation}
                    validate: {reject_outside: [-1e12, 1e12]}
                tests:
                  - {line: 'validation loss 0.5', expect: {'training_loss{phase="validation"}': 0.5, 'training_loss{phase="train"}': null}}
                  - {line: '{''eval_loss'': 0.5, ''epoch'': 1.0}', expect: {'training_loss{phase="validation"}': 0.5, 'training_loss{phase="train"}': null}}
                  - {line: 'Validation set: Average loss: 0.5, Accuracy: 9/10', expect: {'training_loss{phase="validation"}': 0.5, 'training_loss{phase="train"}': null}}
                  - {line: 'loss: 0.5', no_match: true}
                  - {line: 'best_val_loss: 0.5', no_match: true}

              - name: training-test-loss
                match: '(?<![\w-])(?<![Bb]est )(?i:test)(?: set)?[\])]?[ _/:|-]{1,3}(?:(?i:avg|average|mean|total)[ _/-])?(?i:loss)["'']?[=:\s]+["'']?(?<loss>[-+]?(?:\.?\d|(?i:nan|inf(?:inity)?)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: training_loss
                    value: $loss
                    digit_groups: comma
                    labels: {phase: test}
                    validate: {reject_outside: [-1e12, 1e12]}
                tests:
                  - {line: 'Test set: Average loss: 0.0625, Accuracy: 9/10', expect: {'training_loss{phase="test"}': 0.0625, 'training_loss{phase="train"}': null}}
                  - {line: 'test_loss=0.4', expect: {'training_loss{phase="test"}': 0.4}}
                  - {line: 'latest loss: 0.5', no_match: true}

              - name: training-reward
                match: |-
                  (?x) (?: ^\s* | [,;|{(\[>:\])-]\s+ | [,;|{(\[>:"'] | [\d.%]\s+ | \b (?: DEBUG|INFO|WARNING ) \s+ | =\S{0,200}\s+ | [\x80-\xff]\s* )
                  (?: (?i: mean|average|avg|episode|episodic|cumulative|total ) [ _/-] ){0,2} [Rr]eward ["']? [=:\s]+ ["']? (?<reward> [-+]?(?:\.?\d|(?i:nan|inf(?:inity)?)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))* )
                metrics:
                  - gauge: training_reward
                    help: The latest reward.
                    value: $reward
                    digit_groups: comma
                    validate: {reject_outside: [-1e12, 1e12]}
                tests:
                  - {line: 'episode 7 reward=-1.5', expect: {training_reward: -1.5}}
                  - {line: 'mean_reward: 12', expect: {training_reward: 12}}
                  - {line: 'Mean episode reward: 12.5', expect: {training_reward: 12.5}}
                  - {line: 'reward=-1,234.5', expect: {training_reward: -1234.5}}
                  - line: 'reward=1.5k'
                    expect: {training_reward: null, 'outrider_values_rejected_total{metric="training_reward",reason="not_a_number"}': 1}
                  - {line: 'reward pending', no_match: true}
                  - {line: 'block reward: 5', no_match: true}

              - name: training-variance
                match: '\b(?:explained[_ ])?[Vv]ariance["'']?[=:\s]+["'']?(?<variance>[-+]?(?:\.?\d|(?i:nan|inf(?:inity)?)(?![A-Za-z]))(?:[^\s,.;|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: training_variance
                    help: The latest variance.
                    value: $variance
                    digit_groups: comma
                    validate: {reject_outside: [-1e12, 1e12]}
                tests:
                  - {line: 'variance=0.02 reward=1', expect: {training_variance: 0.02, training_reward: 1}}
                  - {line: 'variance: 1,234.5', expect: {training_variance: 1234.5}}
                  - {line: 'variance unknown', no_match: true}

              - name: inference-duration
                match: '\b[Ii]nference(?:[_ ](?:latency|time|duration))?["'']?(?:[=: ]+| took | in )["'']?(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))'
                metrics:
                  - histogram: inference_duration_seconds
                    help: How long inferences took.
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
                tests:
                  - lines: ['inference latency: 12.5 ms', 'Inference took 0.5s']
                    expect: {inference_duration_seconds_count: 2, inference_duration_seconds_sum: 0.5125}
                  - {line: 'inference time: 1,500 ms', expect: {inference_duration_seconds_sum: 1.5}}
                  - {line: 'inference took 5e-1s', expect: {inference_duration_seconds_sum: 0.5}}
                  - {line: 'inference latency: high', no_match: true}

              # Milliseconds by the name of the field: a value that is no bare number is rejected as missing.
              - name: inference-milliseconds
                match: '\b[Ii]nference[_ ](?:latency|time|duration)_ms["'']?[=: ]+["'']?(?:(?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)?)(?=[\s,;|()\]}<>"''\\]|\.(?!\w)|$)|(?=[-+]?\.?\d))'
                metrics:
                  - histogram: inference_duration_seconds
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    scale: 0.001
                tests:
                  - {line: 'inference_latency_ms=250', expect: {inference_duration_seconds_sum: 0.25, 'inference_duration_seconds_bucket{le="0.1"}': 0}}
                  - {line: '{"inference_latency_ms": 250, "n": 1}', expect: {inference_duration_seconds_sum: 0.25}}
                  - {line: 'inference_latency_ms=2.5e+02', expect: {inference_duration_seconds_sum: 0.25}}
                  - {line: 'inference_latency_ms=1,250', expect: {inference_duration_seconds_sum: 1.25}}
                  - line: 'inference_latency_ms=250ms'
                    expect: {inference_duration_seconds_count: 0, 'outrider_values_rejected_total{metric="inference_duration_seconds",reason="missing"}': 1}
                  - {line: 'inference_latency=250ms', no_match: true}

            """#),
        ("websocket", #"""
            # WebSocket connections: opened, closed with their code, reconnects, errors, and messages.
            patterns:
              - name: websocket-opened
                match: |-
                  (?x) (?<! [Nn]o [ ] ) (?<! [(fFrR]["'] ) (?: \b [Ww]eb[Ss]ocket [ ] (?: connection [ ] )? (?: to [ ] \S{1,200} [ ] )? (?: is [ ] )? (?: opened|open|connected|reconnected|established|accepted ) \b
                    (?= \s*$ | [.!,;)"'] | [ ] (?: to|from|at|on|for|in|with|via|after|by|as|again|successfully|url ) \b | [ ] [(\[-] | [ ] \w+= | [ ] wss?: | [ ]? [:=] )
                    (?! [ ]? [:=] [ ]? "? (?i: false|no|none|null|off|\d+ ) \b )
                    | " WebSocket [ ] \S{1,2000} " [ ] \[accepted\] )
                metrics:
                  - counter: websocket_connections_opened_total
                    help: WebSocket connections that were opened.
                tests:
                  - lines:
                      - 'WebSocket connection opened'
                      - 'Websocket connected to wss://x'
                      - 'WebSocket connection to wss://x established'
                      - 'WebSocket open'
                      - 'WebSocket connected: wss://x'
                      - 'WebSocket connected successfully'
                      - 'websocket reconnected after 3 attempts'
                      - 'INFO:     127.0.0.1:5000 - "WebSocket /ws" [accepted]'
                    expect: {websocket_connections_opened_total: 8, websocket_errors_total: 0}
                  - {line: 'WebSocket disconnected', no_match: true}
                  - {line: 'WebSocket open failed', expect: {websocket_errors_total: 1}, no_match: true}
                  - {line: 'websocket connected: false', no_match: true}
                  - {line: 'websocket connected=False', no_match: true}
                  - {line: 'WebSocket connected clients: 5', no_match: true}
                  - {line: 'no websocket connected', no_match: true}
                  - {line: 'WebSocket connected: 0', no_match: true}

              - name: websocket-closed
                match: |-
                  (?x) (?<! [(fFrR]["'] ) \b [Ww]eb[Ss]ocket [ ] (?: connection [ ] )? (?: to [ ] \S{1,200} [ ] )? (?: is [ ] | was [ ] )? (?: closed|disconnected|dropped|lost ) \b
                  (?! [ ] (?: \d+ [ ] )? (?: messages?|frames?|packets?|clients ) \b | [ ]? [:=] [ ]? "? (?i: false|no|none|null|off|0 ) \b )
                  (?: (?: .{0,200}? \b code [=:\s]+ | [ ] (?: (?: normally|abnormally|unexpectedly|cleanly ) [ ] )? \( (?: code [ ] )? | [ ]? : [ ]? \(? | [ ] ) (?<code> 10[01]\d | [34]\d{3} ) (?= \s*$ | [)\],;:.] | [ ] [(A-Z-] | [ ] \w+= ) )?
                metrics:
                  - counter: websocket_connections_closed_total
                    help: WebSocket connections that ended, by the code of RFC 6455 when it is logged.
                    labels: {code: $code}
                tests:
                  - {line: 'WebSocket closed: code=1006 reason=""', expect: {'websocket_connections_closed_total{code="1006"}': 1}}
                  - lines: ['WebSocket closed (1006)', 'WebSocket closed with code 1006', 'WebSocket closed: 1006', 'WebSocket closed (code 1006, reason x)', 'WebSocket closed abnormally (1006)']
                    expect: {'websocket_connections_closed_total{code="1006"}': 5}
                  - {line: 'WebSocket connection closed: 1000 (OK)', expect: {'websocket_connections_closed_total{code="1000"}': 1}}
                  - {line: 'WebSocket closed after 1500 ms', expect: {'websocket_connections_closed_total{code=""}': 1}}
                  - {line: 'WebSocket closed: 3000 messages were sent', expect: {'websocket_connections_closed_total{code=""}': 1}}
                  - {line: 'websocket connection lost', expect: {'websocket_connections_closed_total{code=""}': 1}}
                  - {line: 'WebSocket connected', no_match: true}
                  - {line: 'websocket closed: false', no_match: true}
                  - {line: 'WebSocket dropped 5 messages', no_match: true}

              # Attempts, and not what comes of them: `reconnected` is a connection that was opened.
              - name: websocket-reconnect
                match: '\b[Rr]econnect(?:ing)?\b(?![=:]).{0,80}?\b[Ww]eb[Ss]ocket\b|\b[Ww]eb[Ss]ocket\b.{0,80}?(?<!\b[Nn]o )\b[Rr]econnect(?:ing)?\b(?! ?[=:]| (?:failed|disabled|enabled|delay|interval))'
                metrics:
                  - counter: websocket_reconnects_total
                    help: Attempts to open a WebSocket connection again.
                tests:
                  - lines: ['Reconnecting to WebSocket in 5s', 'WebSocket closed, reconnecting']
                    expect: {websocket_reconnects_total: 2, 'websocket_connections_closed_total{code=""}': 1}
                  - {line: 'WebSocket reconnected', expect: {websocket_connections_opened_total: 1}, no_match: true}
                  - {line: 'WebSocket reconnects: 0', no_match: true}
                  - {line: 'WebSocket no reconnect needed', no_match: true}
                  - {line: 'reconnecting to the database', no_match: true}

              - name: websocket-error
                match: '(?<![(fFrR]["''])(?<![Nn]o )\b[Ww]eb[Ss]ocket (?:connection |handshake |open |connect |upgrade )?(?:to \S{1,200} )?(?:[Ee]rror|failed|failure|exception|timed out|timeout)\b(?! ?[:=] ?"?(?i:none|null|no|false|\d+$|\d+(?:\.\d+)? ?m?s\b)| (?:handler|rate|count|callback))'
                metrics:
                  - counter: websocket_errors_total
                    help: Errors of WebSocket connections.
                tests:
                  - lines: ['WebSocket error: handshake refused', 'websocket connection failed', 'WebSocket timed out', 'WebSocket handshake failed: 403 Forbidden', 'WebSocket connection to wss://x failed']
                    expect: {websocket_errors_total: 5}
                  - {line: 'WebSocket errors so far: 0', no_match: true}
                  - {line: 'WebSocket error: None', no_match: true}
                  - {line: 'No WebSocket error', no_match: true}
                  - {line: 'websocket timeout: 30s', no_match: true}

              - name: websocket-message
                match: '(?<![Nn]o )\b[Ww]eb[Ss]ocket (?:message|frame) (?<direction>received|sent)\b(?! (?:failed|error))'
                metrics:
                  - counter: websocket_messages_total
                    help: Messages over WebSocket connections, by direction.
                    labels: {direction: $direction}
                    label_values: {direction: [received, sent]}
                tests:
                  - {line: 'WebSocket message received: 120 bytes', expect: {'websocket_messages_total{direction="received"}': 1}}
                  - {line: 'WebSocket message queued', no_match: true}
                  - {line: 'No WebSocket message received for 60s', no_match: true}

            """#),
        ("workers", #"""
            # Workers that take tasks from a queue: their heartbeats, the counts that they report, and tasks that end.
            patterns:
              # As in the library `heartbeat`, a line that speaks of a heartbeat that was missed is none.
              - name: worker-heartbeat
                match: |-
                  (?xm) ^ (?! [ \t] | .{0,60}? \b (?: ERROR|CRITICAL|FATAL ) \b ) .*? (?:^|^[A-Z]{4,8}:[\w.]{1,60}:|[\])}|:;>,!.-]\s+|[:=]\s?"|\w=|\[|\b(?:TRACE|DEBUG|INFO|NOTICE|SUCCESS|WARN|WARNING|ERROR|CRITICAL)\s+|\d\d:\d\d[\d.,]*(?:Z|[+-]\d\d:?\d\d)?\s+|[\x80-\xff]\s*|\w\.\w+\s+|\w=\S{1,200}\s+)
                  (?: [Ww]orker (?: [ #:-]* (?! lost|miss|no ) [\w@.-]{1,60} )? :? [ ] (?: sent [ ] (?: a [ ] )? )? (?: HEARTBEAT|[Hh]eartbeat ) \b
                      (?= \s*[.!]*\s*$ | [,;"] | \s*[:|] | [ ] -+ [ ] | \s+[\[({] | [ ] [#]?\d | [ ] [\w.]+=
                        | [ ] (?i: ok|sent|received|alive|success|successful|healthy|ack|acknowledged|done|to|at|emitted|published ) \b )
                    | (?: (?i: received|got|sending|sent ) [ ] (?: a [ ] )? )? (?: HEARTBEAT|[Hh]eartbeat ) [ ] (?: received [ ] )? from [ ] [Ww]orker \b )
                  (?! \s* [:|-]* \s* (?i: interval|timeout|period|every|threshold|config\w*|monitor\w*|thread|to [ ] be ) \b )
                  (?! \s* [:|-]* \s* \d+ [ ]? \w+ [ ] ago \b )
                  (?! .{0,80}? \b (?i: missed|missing|lost|losing|fail|fails|failed|failing|failure|time[ds]?[ -]?out|not|never|stop|stopped|stopping|error|exception
                        |dead|down|late|overdue|expired|skipped|disabled|refused|unreachable|unavailable|stale|absent|delayed|disconnected|unhealthy|seen|no(?![ ](?:errors|failures|problems|issues)\b)
                        |interval|threshold ) \b (?! "? = | "\s*: ) )
                heartbeat: workers
                every: 5m
                metrics:
                  - counter: worker_heartbeats_total
                    help: Heartbeats of all workers.
                tests:
                  - lines:
                      - 'Worker 3 heartbeat: tasks_processed=12 tasks_failed=1'
                      - 'heartbeat from worker 4'
                      - '2025-11-23 10:00:00,123 - INFO - worker-7 heartbeat ok'
                      - '2025-11-23 10:00:00,123 - INFO - Received heartbeat from worker 4'
                      - '2025-11-23 10:00:00,123 - INFO - Worker heartbeat'
                      - 'INFO:root:worker 3 heartbeat'
                    expect: {worker_heartbeats_total: 6}
                  - {line: 'worker 3 heartbeat missed', no_match: true}
                  - {line: 'No heartbeat from worker 3', no_match: true}
                  - {line: '2025-11-23 10:00:00,123 - WARNING - missed heartbeat from worker 4', no_match: true}
                  - {line: 'Worker 3 lost heartbeat', no_match: true}
                  - {line: 'Worker lost heartbeat', no_match: true}
                  - {line: 'worker heartbeat interval is 30s', no_match: true}
                  - {line: 'Worker 3 heartbeat: no answer', no_match: true}

              - name: worker-tasks-processed
                match: '\b[Tt]asks?[_ ]processed["'']?[=: ]+(?<count>\d(?:[^\s,.;:/|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;:|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: worker_tasks_processed
                    help: Tasks that a worker has processed, as it reported last.
                    value: $count
                    digit_groups: comma
                tests:
                  - {line: 'Worker 3 heartbeat: tasks_processed=12 tasks_failed=1', expect: {worker_tasks_processed: 12, worker_tasks_failed: 1}}
                  - {line: 'tasks_processed=1,234, tasks_failed=1,000', expect: {worker_tasks_processed: 1234, worker_tasks_failed: 1000}}
                  - {line: '{"tasks_processed": 12, "tasks_failed": 1}', expect: {worker_tasks_processed: 12, worker_tasks_failed: 1}}
                  - line: 'tasks_processed=1.5k'
                    expect: {worker_tasks_processed: null, 'outrider_values_rejected_total{metric="worker_tasks_processed",reason="not_a_number"}': 1}
                  - {line: 'tasks processed', no_match: true}

              - name: worker-tasks-failed
                match: '\b[Tt]asks?[_ ]failed["'']?[=: ]+(?<count>\d(?:[^\s,.;:/|()\]}<>"''\\]|,(?=\d)|\.(?!\.*(?:[\s,;:|()\]}<>"''\\]|$)))*)'
                metrics:
                  - gauge: worker_tasks_failed
                    help: Tasks that failed in a worker, as it reported last.
                    value: $count
                    digit_groups: comma
                tests:
                  - {line: 'tasks failed: 7', expect: {worker_tasks_failed: 7}}
                  - {line: 'tasks failed: 7/20', expect: {worker_tasks_failed: 7}}
                  - {line: 'tasks failed', no_match: true}

              # Celery's word for it, or another one with nothing said against it.
              - name: worker-task-succeeded
                match: |-
                  (?x) (?<! [(fFrR]["'] ) (?<! [Ii]f [ ] ) (?<! [Ww]hen [ ] ) (?<! until [ ] ) (?<! before [ ] ) (?<! after [ ] )
                  \b [Tt]ask [ ] (?! (?: not|never|only|hardly ) [ ] | [{%] ) \S{1,200} [ ]
                  (?: succeeded | (?: completed|finished|done ) (?! [ ]? [(\[] (?i: exit (?: [ ] code )? :? [ ] [1-9] | skipped|failed|error ) )
                      (?= \s*$ | [.!,;)"] | [ ] (?: (?: in|after|at ) [ ] | successfully\b | [(\[-] | \w+= ) | [ ]? : [ ]? (?i: ok|success|succeeded|successful|done|none|true ) \b
                        | [ ] with [ ] (?: status|state|result ) [ :=] [ ]? "? (?i: ok|success|succeeded|successful|completed|0 ) \b )
                      (?! .{0,80}? (?<! \b0 [ ] ) \b (?i: fail|fails|failed|failure|failures|error|errors|exception|unsuccessful(?:ly)?|aborted|cancell?ed|time[ds]?[ -]?out ) \b (?! =0\b ) ) ) \b
                metrics:
                  - counter: worker_tasks_total
                    help: Tasks that ended, by outcome.
                    labels: {outcome: success}
                tests:
                  - {line: 'Task 7 finished (exit code 1)', no_match: true}
                  - {line: 'Task 7 done (skipped)', no_match: true}
                  - {line: 'Task train[7f3a] succeeded in 0.5s: None', expect: {'worker_tasks_total{outcome="success"}': 1, worker_task_duration_seconds_sum: 0.5}}
                  - lines:
                      - 'task 7 done'
                      - 'Task 7 completed successfully'
                      - 'Task 7 completed with status success'
                      - 'Task 7 finished: ok'
                      - "Task train[7f3a] succeeded in 1s: {'failed': 0}"
                      - 'Task 7 completed in 2s with 0 errors'
                      - '{"msg":"task 7 completed"}'
                    expect: {'worker_tasks_total{outcome="success"}': 7}
                  - {line: 'Task train[7f3a] received', expect: {'worker_tasks_total{outcome="success"}': 0}, no_match: true}
                  - {line: 'Task train[7f3a] finished: failed', no_match: true}
                  - {line: 'Task 7 completed with status failed', no_match: true}
                  - {line: 'Task 7 finished with error', no_match: true}
                  - {line: 'Task 7 completed in 5s with errors', no_match: true}
                  - {line: 'Task 7 finished status=failed', no_match: true}
                  - {line: 'Task not completed', no_match: true}
                  - {line: 'Task never finished', no_match: true}
                  - {line: 'if task 7 finished', no_match: true}
                  - {line: '    logger.info("Task 7 done")', no_match: true}

              - name: worker-task-failed
                match: |-
                  (?x) (?<! [(fFrR]["'] ) (?<! [Ii]f [ ] ) (?<! [Ww]hen [ ] ) (?<! until [ ] ) (?<! before [ ] )
                  \b [Tt]ask [ ] (?! (?: not|never|only|hardly ) [ ] | [{%] ) \S{1,200} [ ]
                  (?: (?: failed|raised|crashed|timed [ ] out|rejected ) \b (?! [ ] 0\b | [ ]?[:=][ ]? (?i: false|no|none ) \b )
                    | (?: completed|finished|done|ended ) [ ]? (?: : | with ) [ ]? (?: an? [ ] )? (?: (?: status|state|result ) [ :=] [ ]? "? )? (?i: failed|failure|errors?|exception ) \b )
                metrics:
                  - counter: worker_tasks_total
                    labels: {outcome: failure}
                tests:
                  - line: 'Task train[7f3a] raised unexpected: ValueError()'
                    expect: {'worker_tasks_total{outcome="failure"}': 1, 'worker_tasks_total{outcome="success"}': 0}
                  - lines: ['Task train[7f3a] finished: failed', 'Task 7 completed with status failed', 'Task 7 finished with error', 'Task 7 failed: 503']
                    expect: {'worker_tasks_total{outcome="failure"}': 4, 'worker_tasks_total{outcome="success"}': 0}
                  - {line: 'Task train[7f3a] succeeded in 1s', no_match: true}
                  - {line: 'Task never failed', no_match: true}

              - name: worker-task-duration
                match: '(?<![(fFrR]["''])\b[Tt]ask (?!not |never )\S{1,200} (?:succeeded|completed|finished|done|failed)\b(?:(?!\b(?i:retry|next|again)).){0,40}?\b(?:in|after) (?<duration>[-+]?\.?\d(?:[.,]?\d)*(?:[eE][-+]?\d+)? ?(?:ns|us|µs|ms|msecs?|s|sec(?:ond)?s?|m|min(?:ute)?s?|h)(?: ?\d[\d.]* ?(?:ns|us|µs|ms|s|sec|m|min|h))*(?!\w|\.\w))'
                metrics:
                  - histogram: worker_task_duration_seconds
                    help: How long tasks took.
                    unit: seconds
                    value: $duration
                    digit_groups: comma
                    buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 600, 1800]
                tests:
                  - {line: 'Task train-7 failed, retrying in 30s', no_match: true}
                  - {line: 'Task cleanup completed. Next run in 1h', no_match: true}
                  - {lines: ['task 1 completed in 500 ms', 'task 2 failed after 2s'], expect: {worker_task_duration_seconds_count: 2, worker_task_duration_seconds_sum: 2.5}}
                  - {lines: ['task 1 completed in 1,500 ms', 'task 2 completed in 1m30s', 'task 3 succeeded in 5e-1s: None'], expect: {worker_task_duration_seconds_sum: 92}}
                  - {line: 'task 1 completed', no_match: true}

            """#),
    ]
}
