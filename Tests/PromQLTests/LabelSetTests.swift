import QueryModel
import Testing

@Suite struct LabelSetTests {
    @Test func labelsAreKeptInOrderWithoutEmptyOnes() {
        let set = LabelSet([
            Label(name: "b", value: "1"), Label(name: "a", value: "x"), Label(name: "c", value: ""),
            Label(name: "a", value: "2"),
        ])
        #expect(set.labels == [Label(name: "a", value: "2"), Label(name: "b", value: "1")])
        #expect(set["a"] == "2")
        #expect(set["z"].isEmpty)
    }

    @Test func settingPutsALabelInItsPlace() {
        let set: LabelSet = ["a": "1", "c": "3"]
        #expect(set.setting("b", to: "2") == ["a": "1", "b": "2", "c": "3"])
        #expect(set.setting("a", to: "") == ["c": "3"])
        #expect(set.setting("c", to: "4") == ["a": "1", "c": "4"])
    }

    @Test(arguments: [254, 255, 70_000])
    func textsOfAnyLengthAreKept(_ length: Int) {
        let long = ByteString([UInt8](repeating: 120, count: length))
        let set = LabelSet([Label(name: "a", value: long), Label(name: long, value: "1")])
        #expect(set["a"] == long)
        #expect(set[long] == "1")
        #expect(set.removing(["a"]).labels == [Label(name: long, value: "1")])
        #expect(set.keeping(["a"]).setting(long, to: "1") == set)
    }

    @Test func textsAreComparedByTheirBytes() {
        // The same letter in one code point and in two.
        #expect(ByteString("\u{e9}") != ByteString("e\u{301}"))
        #expect(ByteString([0xff]) > "z")
        #expect(!ByteString([0xff]).isValidUTF8)
    }

    @Test func setsAreOrderedLabelByLabel() {
        let sets: [LabelSet] = [[:], ["a": "1"], ["a": "1", "b": "1"], ["a": "2"], ["b": "0"]]
        #expect(sets.reversed().sorted() == sets)
    }
}
