import FileAccess
import Glibc
import LogModel

extension SimulatedDisk {
    /// Where a path leads: the inode, and the names from the root without any link.
    struct Place {
        var inode: SimulatedInode
        var names: [String]
    }

    /// Follows a path with all its symbolic links; nil when it leads nowhere.
    func resolve(_ path: String) throws(FileAccessError) -> Place? {
        var links = 0
        return try walk(names(path), from: [], path, followLast: true, &links)
    }

    func find(_ path: String) throws(FileAccessError) -> SimulatedInode? { try resolve(path)?.inode }

    /// The directory that holds the last name of a path, and that name; the name itself is not followed.
    func parent(of path: String, _ operation: String) throws(FileAccessError) -> (SimulatedInode, String) {
        var names = names(path)
        guard let name = names.popLast() else { throw .simulated(operation, path, EINVAL) }
        var links = 0
        guard let place = try walk(names, from: [], path, followLast: true, &links), place.inode.kind == .directory
        else { throw .simulated(operation, path, ENOENT) }
        return (place.inode, name)
    }

    /// The file a path leads to, made if there is none.
    func findOrCreate(_ path: String) throws(FileAccessError) -> SimulatedInode {
        if let inode = try find(path) {
            guard inode.kind == .regular else { throw .simulated("open", path, EISDIR) }
            return inode
        }
        let (directory, name) = try parent(of: path, "create")
        let inode = makeInode(.file(SimulatedContent(blockSize: blockSize)))
        attach(inode, to: directory, as: name)
        return inode
    }

    func attach(_ inode: SimulatedInode, to directory: SimulatedInode, as name: String) {
        directory.entries[name] = inode
        directory.modified = clock.wallNow()
        inode.linkCount += 1
    }

    func detach(_ name: String, from directory: SimulatedInode) {
        guard let inode = directory.entries.removeValue(forKey: name) else { return }
        directory.modified = clock.wallNow()
        inode.linkCount -= 1
        reclaim(inode)
    }

    private func names(_ path: String) -> [String] { path.split(separator: "/").map(String.init) }

    private func walk(
        _ steps: [String], from start: [String], _ path: String, followLast: Bool, _ links: inout Int
    ) throws(FileAccessError) -> Place? {
        var place = Place(inode: root, names: [])
        for name in start { place = Place(inode: place.inode.entries[name] ?? root, names: place.names + [name]) }
        for (index, step) in steps.enumerated() {
            guard place.inode.kind == .directory else { return nil }
            if step == "." { continue }
            if step == ".." {
                let up = Array(place.names.dropLast())
                guard let above = try walk(up, from: [], path, followLast: true, &links) else { return nil }
                place = above
                continue
            }
            guard place.inode.isReadable else { throw .simulated("look up", path, EACCES) }
            guard let next = place.inode.entries[step] else { return nil }
            guard case .symbolicLink(let target) = next.body, followLast || index < steps.count - 1 else {
                place = Place(inode: next, names: place.names + [step])
                continue
            }
            links += 1
            // As many as Linux follows (path_resolution(7)).
            guard links <= 40 else { throw .simulated("look up", path, ELOOP) }
            let from = target.hasPrefix("/") ? [] : place.names
            guard let followed = try walk(names(target), from: from, path, followLast: true, &links) else { return nil }
            place = followed
        }
        return place
    }
}
