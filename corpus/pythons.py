#!/usr/bin/env python3
"""Make the Pythons that build the corpus, one folder a cell of pythons.txt.

    python3 corpus/pythons.py PYTHONS

takes the interpreters from $PYENV_VERSIONS (by default ~/.pyenv/versions) and the packages from PyPI, by pip.
What is there already is left alone.
"""
import os
import subprocess
import sys
from pathlib import Path

from build import cells

VERSIONS = Path(os.environ.get('PYENV_VERSIONS', '~/.pyenv/versions')).expanduser()
INSTALL = ['-m', 'pip', '--quiet', '--disable-pip-version-check', 'install', '--only-binary', ':all:']


def make(folder, base, requirements):
    python = folder / 'bin' / 'python'
    if python.exists():
        return
    if base.parent.parent.name.startswith('2.'):  # no venv there: packages aside, and a script that names them
        packages = folder / 'packages'
        subprocess.run([base, *INSTALL, '--target', packages, *requirements], check=True)
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\nPYTHONPATH="%s" exec "%s" "$@"\n' % (packages, base))
        python.chmod(0o755)
    else:
        subprocess.run([base, '-m', 'venv', folder], check=True)
        subprocess.run([python, *INSTALL, *requirements], check=True)


def main():
    out = Path(sys.argv[1]).resolve()
    for cell, version, requirements in cells():
        make(out / cell, VERSIONS / version / 'bin' / 'python', requirements)
        told = 'import sys, numpy; print("%s Python %s NumPy %s" % (sys.argv[1], sys.version.split()[0], numpy.__version__))'
        subprocess.run([out / cell / 'bin' / 'python', '-c', told, cell], check=True)


if __name__ == '__main__':
    main()
