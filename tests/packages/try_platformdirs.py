# needs: platformdirs
import os
os.environ.update(HOME="/home/u", XDG_CONFIG_HOME="", XDG_DATA_HOME="/data", XDG_CACHE_HOME="")
import platformdirs

print(platformdirs.user_config_dir("app", "me"), platformdirs.user_data_dir("app"), platformdirs.user_cache_path("app", version="1"))
