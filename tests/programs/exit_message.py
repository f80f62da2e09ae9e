import sys
try:
    for i in range(4000):
        if i == 3333:
            raise SystemExit(f"stopped at {i}")
finally:
    print("finally ran")
