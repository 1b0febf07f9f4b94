package io.hypertape.bindings.cuda;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import java.util.Set;

/**
 * Whether nobody else can have made or changed a file whose content will be run: it is no link, it
 * belongs to this process's user or to the system's, and others have no right to write it. Where
 * there are no such rights (Windows) the owner is what is looked at.
 */
final class FileTrust {

  private static final int SUPERUSER = 0;
  private static final int STICKY = 01000;
  private static final int OTHERS_WRITE = 02;

  private final UserPrincipal self;

  private FileTrust(UserPrincipal self) {
    this.self = self;
  }

  /**
   * Trust of this process: it owns what it makes.
   *
   * @throws IOException if no file can be made in the system's temporary folder
   */
  static FileTrust ofProcess() throws IOException {
    Path own = Files.createTempFile("hypertape", ".owner");
    try {
      return new FileTrust(Files.getOwner(own));
    } finally {
      Files.delete(own);
    }
  }

  private static boolean has(Path path, String view) {
    FileSystem system = path.getFileSystem();
    return system.supportedFileAttributeViews().contains(view);
  }

  /** Why a file or folder is not trusted; empty if it is. It must be there. */
  Optional<String> doubt(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      return Optional.of(path + " is a link");
    }
    if (!isOurs(path)) {
      return Optional.of(
          path
              + " belongs to "
              + Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName()
              + ", not to "
              + self.getName());
    }
    if (has(path, "posix")) {
      Set<PosixFilePermission> permissions =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .permissions();
      if (permissions.contains(PosixFilePermission.GROUP_WRITE)
          || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
        String text = PosixFilePermissions.toString(permissions);
        return Optional.of(path + " can be written by others (" + text + "): chmod go-w " + path);
      }
    }
    return Optional.empty();
  }

  private boolean isOurs(Path path) throws IOException {
    if (Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).equals(self)) {
      return true;
    }
    return has(path, "unix")
        && (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS) == SUPERUSER;
  }

  /**
   * Why somebody else could put another folder in a folder's place, as in the system's temporary
   * folder; empty if nobody can.
   */
  Optional<String> doubtAbove(Path folder) throws IOException {
    if (!has(folder, "unix")) {
      return Optional.empty();
    }
    Path below = folder.toRealPath();
    for (Path above = below.getParent(); above != null; above = above.getParent()) {
      int mode = (int) Files.getAttribute(above, "unix:mode");
      if ((mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
        return Optional.of(above + ", in which it lies, can be written by everybody");
      }
      if ((mode & OTHERS_WRITE) != 0 && !isOurs(below)) {
        return Optional.of(
            below
                + " belongs to "
                + Files.getOwner(below).getName()
                + ", not to "
                + self.getName());
      }
      below = above;
    }
    return Optional.empty();
  }
}
