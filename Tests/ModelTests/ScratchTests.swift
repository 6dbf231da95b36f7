import Testing

@Suite struct ScratchTests {
    @Test func scratch() throws {
        try Simulation.run(Script(
      setting: Setting(logs: 1, consumers: 1, reusesInodes: false, keepsGenerations: true, wideGlob: false, startAtEnd: false, blockSize: 256, maximumLine: 80, overwrites: false),
      steps: [
          .write(log: 0, .empty),
          .look,
          .commit,
          .crash,
          .during(operation: 12, .copyLive(log: 0, depth: 4)),
          .during(operation: 13, .truncate(log: 0)),
          .look,
      ]), tracing: true)
    }
}
