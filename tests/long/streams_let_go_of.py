# What a program has written to a stream that it let go of is there for who looks at the file.
import io
import os
import shutil
import subprocess
import sys
import tempfile

folder = tempfile.mkdtemp()
os.chdir(folder)


def read(name):
    with open(name) as stream:
        return stream.read()


open('f', 'w').write('text')
print(read('f'))
open('f', 'wb').write(b'bytes')
print(read('f'))
print(os.stat('f').st_size, os.path.getsize('f'))


def write(text, name='f'):
    open(name, 'w').write(text)


write('by a function')
print(read('f'))
write('twelve bytes')
print(os.stat('f').st_size)
write('status of an entry')
print([entry.stat().st_size for entry in os.scandir('.')])

# One that is opened anew is not written to afterwards by the one before.
write('long text that was there before')
with open('f', 'w') as stream:
    stream.write('short')
print(read('f'))
open('f', 'a').write(' and more')
print(read('f'))

write('renamed')
os.rename('f', 'g')
print(read('g'))
write('copied')
shutil.copy('f', 'g')
print(read('g'))
write('for others')
print(subprocess.run(['cat', 'f'], stdout=subprocess.PIPE).stdout)

fd = os.open('f', os.O_RDONLY)
write('by a descriptor')
print(os.read(fd, 100))
os.close(fd)

# In a loop, which is compiled.
total = 0
for number in range(300):
    write(str(number))
    total += int(read('f'))
print(total)

# What is held is flushed when it is.
held = open('f', 'w')
held.write('held')
print(repr(read('f')))
held.flush()
print(repr(read('f')))
held.close()


io.TextIOWrapper(io.BufferedWriter(io.FileIO('f', 'w'))).write('by hand')
print(read('f'))

for action in (os.stat, os.listdir, open, os.mkdir, os.readlink):
    for name in ('no/where', b'no/where'):
        try:
            action(name)
        except OSError as error:
            print(action.__name__, error.filename is name)

os.chdir('/')
shutil.rmtree(folder)
