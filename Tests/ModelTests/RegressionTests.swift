import Testing

/// What once went wrong, as the smallest script that showed it; each was found by a random one.
@Suite struct RegressionTests {
    @Test func copyThatTookOverTheInodeOfAShortRotatedFileIsNotReadTwice() throws {
        try run(
            Setting(keepsGenerations: false),
            [
                .write(log: 0, .empty),
                .look,
                .commit,
                .rotate(log: 0, depth: 1),
                .reopen(log: 0),
                .crash,
                .write(log: 0, .empty),
                .write(log: 0, .unique(filler: 0)),
                .copyLive(log: 0, depth: 1),
            ])
    }

    @Test func copyOfAFileThatWasEmptyBeforeAndAfterIsReadThoughTheClockWentBack() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .long),
                .look,
                .commit,
                .truncate(log: 0),
                .look,
                .clockStep(seconds: -3600),
                .write(log: 0, .long),
                .copyLive(log: 0, depth: 3),
                .truncate(log: 0),
            ])
    }

    @Test(arguments: 0..<30) func fileThatLookedLikeACopyUntilItsWriterWentOnIsReadOn(operation: Int) throws {
        try run(
            Setting(),
            [
                .write(log: 0, .banner),
                .look,
                .commit,
                .rotate(log: 0, depth: 1),
                .reopen(log: 0),
                .write(log: 0, .banner),
                .during(operation: operation, .rotate(log: 0, depth: 1)),
                .look,
                .write(log: 0, .nul),
            ])
    }

    @Test func fileWhoseCopyWasTakenForTheOriginalIsReadOn() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .carriageReturn),
                .look,
                .commit,
                .rotate(log: 0, depth: 4),
                .reopen(log: 0),
                .write(log: 0, .carriageReturn),
                .copyAside(log: 0),
                .rotate(log: 0, depth: 4),
                .observe,
                .write(log: 0, .unique(filler: 0)),
            ])
    }

    @Test func lateLineInAFileWhoseCopyWasTakenForTheOriginalIsRead() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 30)),
                .look,
                .rotate(log: 0, depth: 3),
                .commit,
                .reopen(log: 0),
                .write(log: 0, .unique(filler: 0)),
                .copyAside(log: 0),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 3),
                .reopen(log: 0),
                .look,
                .writeOld(log: 0, .carriageReturn),
            ])
    }

    @Test func copyOfAFileThatAPowerCutShortenedIsNotReadFromItsBeginning() throws {
        try run(
            Setting(maximumLine: 400),
            [
                .write(log: 0, .unique(filler: 0)),
                .write(log: 0, .long),
                .look,
                .commit,
                .write(log: 0, .long),
                .write(log: 0, .long),
                .powerCut(seed: 983),
                .write(log: 0, .long),
                .copyLive(log: 0, depth: 3),
                .truncate(log: 0),
                .write(log: 0, .long),
            ])
    }

    @Test func copyThatTookOverTheInodeOfAnEmptyFileIsNotTakenForIt() throws {
        try run(
            Setting(keepsGenerations: false, wideGlob: true),
            [
                .write(log: 0, .unique(filler: 0)),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 3),
                .reopen(log: 0),
                .copyAside(log: 0),
                .look,
                .rotate(log: 0, depth: 3),
                .restart,
                .reopen(log: 0),
                .write(log: 0, .unique(filler: 0)),
                .copyAside(log: 0),
                .rotate(log: 0, depth: 3),
            ])
    }

    @Test func copyThatWasThereAtTheFirstLookIsFoundWhenItsOriginalIsCut() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .banner),
                .copyLive(log: 0, depth: 3),
                .look,
                .commit,
                .truncate(log: 0),
            ])
    }

    @Test(arguments: 0..<30) func truncationWhileGrowthIsTakenIsNoticed(operation: Int) throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 0)),
                .look,
                .write(log: 0, .unique(filler: 0)),
                .during(operation: operation, .copyLive(log: 0, depth: 3)),
                .during(operation: operation + 1, .truncate(log: 0)),
                .during(operation: operation + 1, .write(log: 0, .unique(filler: 30))),
                .look,
            ])
    }

    @Test(arguments: 0..<30) func truncationWhileGrowthIsTakenCausesNoLoss(operation: Int) throws {
        try run(
            Setting(logs: 2),
            [
                .write(log: 0, .unique(filler: 30)),
                .write(log: 1, .empty),
                .look,
                .commit,
                .write(log: 1, .unique(filler: 0)),
                .during(operation: operation + 2, .copyLive(log: 1, depth: 1)),
                .during(operation: operation + 2, .truncate(log: 1)),
                .during(operation: operation + 2, .write(log: 1, .unique(filler: 0))),
                .during(operation: operation, .write(log: 1, .carriageReturn)),
                .during(operation: operation + 2, .write(log: 1, .empty)),
                .look,
            ])
    }

    @Test func lateLineBehindWhatAPowerCutTookIsReadBeforeTheNextStart() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .long),
                .look,
                .commit,
                .powerCut(seed: 889),
                .write(log: 0, .long),
                .commit,
                .powerCut(seed: 496),
                .reopen(log: 0),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 4),
                .reopen(log: 0),
                .commit,
                .writeOld(log: 0, .unique(filler: 0)),
            ])
    }

    @Test func lateLineIsReadOnceThoughTheFileIsKnownByNothingButInodeAndBeginning() throws {
        try run(
            Setting(keepsGenerations: false),
            [
                .write(log: 0, .unique(filler: 0)),
                .look,
                .rotateDated(log: 0),
                .reopen(log: 0),
                .write(log: 0, .unique(filler: 0)),
                .copyAside(log: 0),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 3),
                .reopen(log: 0),
                .look,
                .commit,
                .writeOld(log: 0, .unique(filler: 0)),
            ])
    }

    @Test func copyMadeWhileTheFileWasEmptyAtBothLooksIsReadBeforeARestart() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 30)),
                .look,
                .commit,
                .truncate(log: 0),
                .look,
                .write(log: 0, .unique(filler: 30)),
                .copyLive(log: 0, depth: 4),
                .truncate(log: 0),
                .write(log: 0, .unique(filler: 0)),
                .observe,
                .restart,
            ])
    }

    @Test func fileWithTheSameBytesBeforeACursorAsALostOneIsNotTakenForItsCopy() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 300)),
                .look,
                .room(consumer: 0, false),
                .write(log: 0, .unique(filler: 300)),
                .rotate(log: 0, depth: 3),
                .reopen(log: 0),
                .write(log: 0, .unique(filler: 300)),
                .write(log: 0, .banner),
                .copyLive(log: 0, depth: 3),
                .look,
                .commit,
                .rotate(log: 0, depth: 3),
                .reopen(log: 0),
                .crash,
                .rotate(log: 0, depth: 3),
            ])
    }

    @Test(arguments: 1..<40) func fileMovedBeforeARestoredStreamIsReadIsNotLost(operation: Int) throws {
        try run(
            Setting(),
            [
                .writePart(log: 0, .unique(filler: 0)),
                .look,
                .crashAt(operation: operation),
                .look,
                .write(log: 0, .unique(filler: 0)),
                .commit,
                .scan,
                .moveForeign(log: 0, name: 2),
                .turn(1),
            ])
    }

    @Test func linkOfARotatedFileThatHasGrownIsKnown() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 30)),
                .look,
                .linkForeign(log: 0, name: 1),
                .rotate(log: 0, depth: 2),
                .observe,
                .write(log: 0, .unique(filler: 30)),
            ])
    }

    @Test func linkOfARotatedFileThatHasGrownAndWasCompressedIsKnown() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 0)),
                .linkForeign(log: 0, name: 2),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 3),
                .look,
                .reopen(log: 0),
                .writeOld(log: 0, .unique(filler: 0)),
                .closeOld(log: 0),
                .gzipWhole(log: 0, which: 0),
                .gzipRemove(log: 0, which: 0),
            ])
    }

    @Test func ofTwoLinksTheOneIsReadWhoseRotationsAreNamedAfterIt() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 0)),
                .linkForeign(log: 0, name: 3),
                .look,
                .copyLive(log: 0, depth: 2),
                .truncate(log: 0),
            ])
    }

    @Test func copyMeetsItsOriginalThoughThatWasRotated() throws {
        try run(
            Setting(),
            [
                .look,
                .write(log: 0, .unique(filler: 90)),
                .write(log: 0, .unique(filler: 90)),
                .write(log: 0, .unique(filler: 90)),
                .copyForeign(log: 0, name: 0),
                .rotate(log: 0, depth: 4),
                .reopen(log: 0),
            ])
    }

    @Test func movedFileThatLostItsEndWithThePowerIsKnown() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .carriageReturn),
                .look,
                .write(log: 0, .banner),
                .moveForeign(log: 0, name: 3),
                .reopen(log: 0),
                .look,
                .commit,
                .powerCut(seed: 265),
            ])
    }

    @Test(arguments: 1..<50) func fileCutAndWrittenWhileItIsTakenUpAgainIsFoundInItsCopy(operation: Int) throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 0)),
                .look,
                .restart,
                .during(operation: operation, .copyLive(log: 0, depth: 1)),
                .during(operation: operation, .truncate(log: 0)),
                .during(operation: operation, .write(log: 0, .unique(filler: 0))),
                .look,
            ])
    }

    @Test(arguments: 1..<50) func fileCutWhileItsGrowthIsTakenIsFoundInItsCopy(operation: Int) throws {
        try run(
            Setting(),
            [
                .reopen(log: 0),
                .look,
                .commit,
                .write(log: 0, .unique(filler: 300)),
                .crash,
                .during(operation: operation, .copyLive(log: 0, depth: 2)),
                .during(operation: operation, .truncate(log: 0)),
                .look,
            ])
    }

    @Test func rebootIsNotForgottenWhileFilesCannotBeOpened() throws {
        try run(
            Setting(),
            [
                .write(log: 0, .unique(filler: 30)),
                .write(log: 0, .unique(filler: 300)),
                .look,
                .commit,
                .powerCut(seed: 63),
                .failOpen(from: 7, count: 26),
                .look,
                .restart,
            ])
    }

    @Test func shortenedFileIsJudgedByTheRebootThoughAnotherIsSought() throws {
        try run(
            Setting(logs: 3, wideGlob: true),
            [
                .write(log: 0, .unique(filler: 0)),
                .write(log: 1, .unique(filler: 0)),
                .keepOldHandle(log: 0),
                .rotate(log: 0, depth: 2),
                .reopen(log: 0),
                .write(log: 0, .unique(filler: 0)),
                .write(log: 0, .unique(filler: 0)),
                .look,
                .commit,
                .closeOld(log: 0),
                .gzipWhole(log: 0, which: 2),
                .gzipRemove(log: 0, which: 2),
                .rotate(log: 1, depth: 2),
                .crash,
                .reopen(log: 1),
                .powerCut(seed: 627),
            ])
    }

    private func run(_ setting: Setting, _ steps: [Step]) throws {
        try Simulation.run(Script(setting: setting, steps: steps))
    }
}
