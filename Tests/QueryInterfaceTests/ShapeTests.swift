import Compression
import JSONText
import QueryInterface
import QueryModel
import Testing

struct ShapeTests {
    let api = APIFixture.api()

    @Test func writesAVector() async {
        #expect(
            await api.text("query", "query=up&time=30")
                == #"{"status":"success","data":{"resultType":"vector","result":["#
                + #"{"metric":{"__name__":"up","job":"a"},"value":[30,"2"]},"#
                + #"{"metric":{"__name__":"up","job":"b"},"value":[30,"4"]}]}}"#)
    }

    @Test func evaluatesAtTheBackendsTimeUnlessToldOtherwise() async {
        #expect(
            await api.text("query", "query=1%2F3")
                == #"{"status":"success","data":{"resultType":"scalar","result":[600.123,"0.3333333333333333"]}}"#)
        #expect(await api.text("query", "query=%22x%22").contains(#""resultType":"string","result":[600.123,"x"]"#))
    }

    @Test func writesAMatrix() async {
        #expect(
            await api.text("query_range", "query=up%7Bjob%3D%22a%22%7D&start=0&end=1.5&step=0.5")
                == #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"a"},"#
                + #""values":[[0,"0"],[0.500,"0"],[1,"0"],[1.500,"0"]]}]}}"#)
        #expect(
            await api.text("query", "query=up%7Bjob%3D%22b%22%7D%5B20s%5D&time=30")
                == #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"up","job":"b"},"#
                + #""values":[[15,"2"],[30,"4"]]}]}}"#)
    }

    @Test(arguments: [
        ("nan", "NaN"), ("inf", "+Inf"), ("tiny", "1.5e-09"), ("huge", "1.25e+21"), ("third", "0.3333333333333333"),
        ("negative", "-0"), ("whole", "123456789012"),
    ])
    func writesNumbersAsGoDoes(kind: String, text: String) async {
        let answer = await api.text("query", "query=odd%7Bkind%3D%22\(kind)%22%7D")
        #expect(answer.contains(#""value":[600.123,"\#(text)"]"#), "\(answer)")
    }

    @Test func escapesTexts() async {
        let answer = await api.text("query", "query=quoted")
        #expect(answer.contains(#""text":"a\"b\\c\n\u003cü\u003e""#), "\(answer)")
    }

    @Test func listsSeriesLabelsAndValues() async {
        #expect(
            await api.text("series", "match[]=up&match[]=%7Bjob%3D%22a%22%7D")
                == #"{"status":"success","data":[{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}]}"#)
        #expect(await api.text("labels") == #"{"status":"success","data":["__name__","job","kind","text"]}"#)
        #expect(await api.text("labels", "match[]=up") == #"{"status":"success","data":["__name__","job"]}"#)
        #expect(await api.text("label/job/values") == #"{"status":"success","data":["a","b"]}"#)
        #expect(await api.text("label/job/values", "match[]=odd") == #"{"status":"success","data":[]}"#)
        #expect(await api.text("label/j%6Fb/values") == #"{"status":"success","data":["a","b"]}"#)
        #expect(await api.text("label/U__j_6f_b/values") == #"{"status":"success","data":["a","b"]}"#)
        #expect(await api.text("series", "match[]=up&start=700") == #"{"status":"success","data":[]}"#)
    }

    @Test func cutsWhatIsLongerThanTheLimitAndSaysSo() async {
        let series = await api.text("series", "match[]=up&limit=1")
        #expect(series.hasSuffix(#"[{"__name__":"up","job":"a"}],"warnings":["results truncated due to limit"]}"#))
        let vector = await api.text("query", "query=up&limit=1")
        #expect(vector.contains(#""job":"a""#) && !vector.contains(#""job":"b""#))
        #expect(vector.hasSuffix(#","warnings":["results truncated due to limit"]}"#))
        #expect(await !api.text("query", "query=up&limit=0").contains("warnings"))
    }

    @Test func tellsWarningsAndInfosApart() async {
        let infos = await api.text("query", "query=rate(up[5m])")
        #expect(infos.contains(#""infos":["PromQL info: metric might not be a counter"#))
        #expect(!infos.contains("warnings"))
        let warnings = await api.text("query", "query=quantile(2,up)")
        #expect(warnings.contains(#""warnings":["PromQL warning: quantile value should be between 0 and 1"#))
    }

    @Test func saysWhatIsKnownOfMetrics() async {
        #expect(
            await api.text("metadata")
                == #"{"status":"success","data":{"took_seconds":[{"type":"histogram","help":"","unit":"seconds"}],"#
                + #""up":[{"type":"gauge","help":"Whether it is up.","unit":""}]}}"#)
        #expect(await api.text("metadata", "metric=nothing") == #"{"status":"success","data":{}}"#)
        #expect(await !api.text("metadata", "limit=1").contains("up"))
        #expect(
            await api.text("query_exemplars", "query=up&start=0&end=2")
                == #"{"status":"success","data":[{"seriesLabels":{"__name__":"up"},"exemplars":"#
                + #"[{"labels":{"file":"x.log"},"value":"0.5","timestamp":1.500}]}]}"#)
    }

    @Test func formatsAndParsesExpressions() async throws {
        #expect(
            await api.text("format_query", "query=sum(up)+by(job)")
                == #"{"status":"success","data":"sum by (job) (up)"}"#)
        let tree = try JSONValue(
            parsing: await api.get(
                "parse_query", "query=-sum+by(job)(rate(up%7Ba%3D%22b%22%7D%5B5m%5D+offset+1m))+%2F+on(x)+group_left+y"
            ).body)["data"]
        #expect(tree?["type"] == "binaryExpr")
        #expect(tree?["matching"]?["card"] == "many-to-one")
        #expect(tree?["rhs"]?["matchers"] == [["name": "__name__", "value": "y", "type": "="]])
        let call = tree?["lhs"]?["expr"]?["expr"]
        #expect(call?["func"] == ["name": "rate", "argTypes": ["matrix"], "variadic": 0, "returnType": "vector"])
        let selector = call?["args"]?.array?.first
        #expect(selector?["range"] == 300_000)
        #expect(selector?["offset"] == 60_000)
        #expect(selector?["startOrEnd"] == .null)
    }

    @Test func showsTheStatus() async throws {
        let build = try JSONValue(parsing: await api.get("status/buildinfo").body)["data"]
        #expect(build?["application"] == "outrider")
        #expect(build?["applicationVersion"] == "1.2.3")
        let runtime = try JSONValue(parsing: await api.get("status/runtimeinfo").body)["data"]
        #expect(runtime?["startTime"] == "1970-01-01T00:00:00Z")
        let storage = try JSONValue(parsing: await api.get("status/tsdb").body)["data"]
        #expect(storage?["headStats"]?["numSeries"] == 10)
        #expect(storage?["seriesCountByMetricName"]?.array?.first == ["name": "odd", "value": 7])
        #expect(storage?["seriesCountByLabelValuePair"]?.array?.first == ["name": "__name__=odd", "value": 7])
    }

    @Test func compressesOnlyWhatIsLargeAndMayBe() async throws {
        let query = "query=up&start=0&end=600&step=1"
        let plain = await api.answer(QueryRequest(path: "/api/v1/query_range", query: query))
        #expect(!plain.isGzip)
        let small = await api.answer(QueryRequest(path: "/api/v1/labels", admitsGzip: true))
        #expect(!small.isGzip)
        let packed = await api.answer(QueryRequest(path: "/api/v1/query_range", query: query, admitsGzip: true))
        #expect(packed.isGzip)
        #expect(packed.body.count * 3 < plain.body.count)
    }

    @Test func whatHasNoDataHasNoContent() async {
        let answer = await api.get("query_exemplars", "query=1")
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
    }

    @Test func aFormComesBeforeTheQuery() async {
        let answer = await api.answer(
            QueryRequest(path: "/api/v1/query", query: "query=up&time=600", form: Array("query=2&x=1".utf8)))
        #expect(
            String(decoding: answer.body, as: UTF8.self)
                == #"{"status":"success","data":{"resultType":"scalar","result":[600,"2"]}}"#)
    }

    @Test func measuresWhenAsked() async throws {
        let stats = try JSONValue(parsing: await api.get("query", "query=up&stats=all").body)["data"]?["stats"]
        #expect((stats?["samples"]?["peakSamples"]?.integer ?? 0) > 0)
        #expect((stats?["timings"]?["execTotalTime"]?.double ?? 0) > 0)
    }
}
